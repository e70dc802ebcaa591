-- Ranges of chances of estimates, and incidents that did no harm.
ALTER TABLE "estimate" ADD COLUMN "chance_high" {int};
ALTER TABLE "estimate_was" ADD COLUMN "chance_high" {int};
ALTER TABLE "estimate" ADD COLUMN "chance_low" {int};
ALTER TABLE "estimate_was" ADD COLUMN "chance_low" {int};
ALTER TABLE "incident" ADD COLUMN "near_miss" {int};
ALTER TABLE "incident_was" ADD COLUMN "near_miss" {int};
CREATE INDEX "incident_by_near_miss" ON "incident" (unit_id, "near_miss"{empty_first}, id);

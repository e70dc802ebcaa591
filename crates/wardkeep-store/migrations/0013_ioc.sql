-- Indicators of compromise, and which of them raised an alert.

-- indicators of compromise
CREATE TABLE "ioc" (
  id {uuid} NOT NULL,
  ref_prefix {text} NOT NULL,
  ref_number {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  stage {text} NOT NULL,
  version {int} NOT NULL,
  restricted {int} NOT NULL,
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL,
  custom {text},
  from_change {int} NOT NULL,
  "value" {text},
  "kind" {text},
  "confidence" {int},
  "tlp" {text},
  "source" {text},
  "valid_from" {text},
  "valid_until" {text},
  "note" {text},
  PRIMARY KEY (id)
){strict};
CREATE TABLE "ioc_was" (
  id {uuid} NOT NULL,
  ref_prefix {text} NOT NULL,
  ref_number {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  stage {text} NOT NULL,
  version {int} NOT NULL,
  restricted {int} NOT NULL,
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL,
  custom {text},
  from_change {int} NOT NULL,
  "value" {text},
  "kind" {text},
  "confidence" {int},
  "tlp" {text},
  "source" {text},
  "valid_from" {text},
  "valid_until" {text},
  "note" {text},
  to_change {int} NOT NULL,
  PRIMARY KEY (id, from_change)
){strict};
CREATE INDEX "ioc_by_ref_number" ON "ioc" (unit_id, "ref_number", id);
CREATE INDEX "ioc_by_changed_at" ON "ioc" (unit_id, "changed_at", id);
CREATE INDEX "ioc_by_stage" ON "ioc" (unit_id, "stage", id);
CREATE INDEX "ioc_by_value" ON "ioc" (unit_id, "value", id);
CREATE INDEX "ioc_by_kind" ON "ioc" (unit_id, "kind", id);
CREATE INDEX "ioc_by_confidence" ON "ioc" (unit_id, "confidence", id);
CREATE INDEX "ioc_by_tlp" ON "ioc" (unit_id, "tlp", id);
CREATE INDEX "ioc_by_source" ON "ioc" (unit_id, "source", id);
CREATE INDEX "ioc_by_valid_until" ON "ioc" (unit_id, "valid_until", id);
CREATE UNIQUE INDEX "ioc_one_value" ON "ioc" ("value");
-- Whoever looks for them asks every few seconds whether any was changed.
CREATE INDEX "ioc_newest" ON "ioc" (from_change);

ALTER TABLE "alert" ADD COLUMN "indicator" {uuid};
ALTER TABLE "alert_was" ADD COLUMN "indicator" {uuid};
CREATE INDEX "alert_by_indicator" ON "alert" (unit_id, "indicator", id);
CREATE INDEX "alert_of_indicator" ON "alert" ("indicator");

-- When stored events were searched for an indicator last, and as which change left it.
CREATE TABLE ioc_hunt (
  ioc_id {uuid} PRIMARY KEY REFERENCES record (id),
  change_at {int} NOT NULL,
  at {int} NOT NULL,
  events {int} NOT NULL,
  sightings {int} NOT NULL
){strict};

-- Who placed a legal hold, when it is looked at again, who released it and why; and how long records of a log source
-- are kept.
ALTER TABLE event_hold ADD COLUMN review_on {text};
ALTER TABLE event_hold ADD COLUMN made_by {uuid};
ALTER TABLE event_hold ADD COLUMN ended_by {uuid};
ALTER TABLE event_hold ADD COLUMN ended_why {text};

-- log sources
ALTER TABLE "log_source" ADD COLUMN "keep_days" {int};
ALTER TABLE "log_source_was" ADD COLUMN "keep_days" {int};

-- Tests that people keep with a rule: a record, and whether it must fire the rule.
CREATE TABLE rule_sample (
  id {uuid} PRIMARY KEY,
  rule_id {uuid} NOT NULL,
  fires {int} NOT NULL,
  sample {text} NOT NULL,
  origin {text} NOT NULL,
  made_at {int} NOT NULL,
  made_by {uuid}
){strict};
CREATE INDEX rule_sample_rule ON rule_sample (rule_id, made_at);

CREATE TABLE "rule" (
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
  "name" {text},
  "rule_id" {text},
  "level" {text},
  "source" {text},
  "owner" {uuid},
  "description" {text},
  "file" {text},
  "origin" {text},
  "log_source" {text},
  "tactics" {text},
  "techniques" {text},
  "sight" {text},
  "text_hash" {text},
  "text_before" {text},
  "refused" {text},
  "tested_text" {text},
  "test_result" {text},
  "tested_at" {int},
  "tried_text" {text},
  "tried_at" {int},
  "tried_hits" {int},
  "hits" {int},
  "false_share" {int},
  "last_fired" {int},
  "cost" {int},
  PRIMARY KEY (id)
){strict};
CREATE TABLE "rule_was" (
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
  "name" {text},
  "rule_id" {text},
  "level" {text},
  "source" {text},
  "owner" {uuid},
  "description" {text},
  "file" {text},
  "origin" {text},
  "log_source" {text},
  "tactics" {text},
  "techniques" {text},
  "sight" {text},
  "text_hash" {text},
  "text_before" {text},
  "refused" {text},
  "tested_text" {text},
  "test_result" {text},
  "tested_at" {int},
  "tried_text" {text},
  "tried_at" {int},
  "tried_hits" {int},
  "hits" {int},
  "false_share" {int},
  "last_fired" {int},
  "cost" {int},
  to_change {int} NOT NULL,
  PRIMARY KEY (id, from_change)
){strict};
CREATE INDEX "rule_by_ref_number" ON "rule" (unit_id, "ref_number", id);
CREATE INDEX "rule_by_changed_at" ON "rule" (unit_id, "changed_at", id);
CREATE INDEX "rule_by_stage" ON "rule" (unit_id, "stage", id);
CREATE INDEX "rule_by_name" ON "rule" (unit_id, "name", id);
CREATE INDEX "rule_by_level" ON "rule" (unit_id, "level", id);
CREATE INDEX "rule_by_source" ON "rule" (unit_id, "source", id);
CREATE INDEX "rule_by_owner" ON "rule" (unit_id, "owner", id);
CREATE INDEX "rule_by_log_source" ON "rule" (unit_id, "log_source", id);
CREATE INDEX "rule_by_techniques" ON "rule" (unit_id, "techniques", id);
CREATE INDEX "rule_by_sight" ON "rule" (unit_id, "sight", id);
CREATE INDEX "rule_by_test_result" ON "rule" (unit_id, "test_result", id);
CREATE INDEX "rule_by_hits" ON "rule" (unit_id, "hits", id);
CREATE INDEX "rule_by_false_share" ON "rule" (unit_id, "false_share", id);
CREATE INDEX "rule_by_last_fired" ON "rule" (unit_id, "last_fired", id);
CREATE UNIQUE INDEX "rule_one_rule_id" ON "rule" ("rule_id");
CREATE INDEX "rule_of_owner" ON "rule" ("owner");
CREATE TABLE "rule_filter" (
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
  "name" {text},
  "filter" {text},
  "cause" {text},
  "reason" {text},
  "owner" {uuid},
  "until" {text},
  "refused" {text},
  PRIMARY KEY (id)
){strict};
CREATE TABLE "rule_filter_was" (
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
  "name" {text},
  "filter" {text},
  "cause" {text},
  "reason" {text},
  "owner" {uuid},
  "until" {text},
  "refused" {text},
  to_change {int} NOT NULL,
  PRIMARY KEY (id, from_change)
){strict};
CREATE INDEX "rule_filter_by_ref_number" ON "rule_filter" (unit_id, "ref_number", id);
CREATE INDEX "rule_filter_by_changed_at" ON "rule_filter" (unit_id, "changed_at", id);
CREATE INDEX "rule_filter_by_stage" ON "rule_filter" (unit_id, "stage", id);
CREATE INDEX "rule_filter_by_name" ON "rule_filter" (unit_id, "name", id);
CREATE INDEX "rule_filter_by_cause" ON "rule_filter" (unit_id, "cause", id);
CREATE INDEX "rule_filter_by_owner" ON "rule_filter" (unit_id, "owner", id);
CREATE INDEX "rule_filter_by_until" ON "rule_filter" (unit_id, "until", id);
CREATE INDEX "rule_filter_of_owner" ON "rule_filter" ("owner");

-- Texts of rules, each kept once; records name them by hash.
CREATE TABLE rule_text (hash {text} PRIMARY KEY, body {text} NOT NULL){strict};

-- The last dry run of each rule.
CREATE TABLE rule_run (rule_id {uuid} PRIMARY KEY, at {int} NOT NULL, report {text} NOT NULL){strict};

-- Log sources of which events arrived.
CREATE TABLE log_source_seen (
  source {text} PRIMARY KEY,
  events {int} NOT NULL,
  first_at {int} NOT NULL,
  last_at {int} NOT NULL
){strict};

-- What correlations remember of runs that did not end.
CREATE TABLE detect_state (name {text} PRIMARY KEY, fingerprint {text} NOT NULL, state {text} NOT NULL){strict};

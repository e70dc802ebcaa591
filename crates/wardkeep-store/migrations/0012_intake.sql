-- Live intake: the register of log sources, its counters, and where the work on the spool stands.

-- log sources
CREATE TABLE "log_source" (
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
  "kind" {text},
  "address" {text},
  "format" {text},
  "owner" {uuid},
  "description" {text},
  "silence_limit" {int},
  "learned_limit" {int},
  "hourly" {int},
  "last_seen" {int},
  "silent_since" {int},
  "records" {int},
  "failures" {int},
  PRIMARY KEY (id)
){strict};
CREATE TABLE "log_source_was" (
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
  "kind" {text},
  "address" {text},
  "format" {text},
  "owner" {uuid},
  "description" {text},
  "silence_limit" {int},
  "learned_limit" {int},
  "hourly" {int},
  "last_seen" {int},
  "silent_since" {int},
  "records" {int},
  "failures" {int},
  to_change {int} NOT NULL,
  PRIMARY KEY (id, from_change)
){strict};
CREATE INDEX "log_source_by_ref_number" ON "log_source" (unit_id, "ref_number", id);
CREATE INDEX "log_source_by_changed_at" ON "log_source" (unit_id, "changed_at", id);
CREATE INDEX "log_source_by_stage" ON "log_source" (unit_id, "stage", id);
CREATE INDEX "log_source_by_name" ON "log_source" (unit_id, "name", id);
CREATE INDEX "log_source_by_kind" ON "log_source" (unit_id, "kind", id);
CREATE INDEX "log_source_by_owner" ON "log_source" (unit_id, "owner", id);
CREATE INDEX "log_source_by_hourly" ON "log_source" (unit_id, "hourly", id);
CREATE INDEX "log_source_by_last_seen" ON "log_source" (unit_id, "last_seen", id);
CREATE INDEX "log_source_by_silent_since" ON "log_source" (unit_id, "silent_since", id);
CREATE UNIQUE INDEX "log_source_one_address" ON "log_source" ("address");
CREATE INDEX "log_source_of_owner" ON "log_source" ("owner");

-- Tokens with which sources of HTTP send; only hashes.
CREATE TABLE source_token (
  prefix {text} PRIMARY KEY,
  source_id {uuid} NOT NULL REFERENCES record (id),
  hash {text} NOT NULL,
  created_at {int} NOT NULL
){strict};
CREATE INDEX source_token_source ON source_token (source_id);

-- What came from each source so far; it grows in the transaction of the checkpoint, so that nothing counts twice.
CREATE TABLE source_state (
  address {text} PRIMARY KEY,
  last_seen {int} NOT NULL,
  events {int} NOT NULL,
  failures {int} NOT NULL,
  bytes {int} NOT NULL,
  lag {int} NOT NULL
){strict};

-- The same by hour of receipt (hours since 1970).
CREATE TABLE source_hour (
  address {text} NOT NULL,
  hour {int} NOT NULL,
  events {int} NOT NULL,
  failures {int} NOT NULL,
  PRIMARY KEY (address, hour)
){strict};

-- One row: the number of the first message in the spool that is not done with.
CREATE TABLE stream_checkpoint (
  id {int} PRIMARY KEY,
  cursor_at {int} NOT NULL,
  state_file {text} NOT NULL,
  at {int} NOT NULL
){strict};

-- Up to which message the hits of an alert are counted.
CREATE TABLE stream_alert (
  alert_id {uuid} PRIMARY KEY,
  source_ref {text} NOT NULL,
  upto {int} NOT NULL
){strict};
CREATE INDEX stream_alert_upto ON stream_alert (upto);

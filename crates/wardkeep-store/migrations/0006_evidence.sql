-- Raw evidence that was read, what it said, and what follows from it.
CREATE TABLE evidence_file (
  sha256 {text} NOT NULL,
  path {text} NOT NULL,
  format {text} NOT NULL,
  size {int} NOT NULL,
  rows {int} NOT NULL,
  first_at {int},
  last_at {int},
  read_at {int} NOT NULL,
  state {text} NOT NULL,
  problems {text} NOT NULL,
  live {int} NOT NULL,
  PRIMARY KEY (sha256, path)
){strict};

-- Parquet files of events; a rewritten file supersedes another.
CREATE TABLE event_file (
  name {text} PRIMARY KEY,
  day {text} NOT NULL,
  dialect {text} NOT NULL,
  rows {int} NOT NULL,
  first_at {int} NOT NULL,
  last_at {int} NOT NULL,
  sha256 {text} NOT NULL,
  size {int} NOT NULL,
  evidence {text} NOT NULL,
  superseded_by {text}
){strict};
CREATE INDEX event_file_day ON event_file (day);
CREATE INDEX event_file_evidence ON event_file (evidence);

-- One row per report that was read, and one per row of it.
CREATE TABLE scan_report (
  sha256 {text} PRIMARY KEY,
  path {text} NOT NULL,
  tool {text} NOT NULL,
  tool_version {text} NOT NULL,
  started_at {int},
  ended_at {int},
  complete {int} NOT NULL,
  failed {text} NOT NULL,
  rows {int} NOT NULL,
  targets {text} NOT NULL,
  components {int} NOT NULL,
  subject {text} NOT NULL,
  read_at {int} NOT NULL
){strict};

CREATE TABLE sighting (
  sha256 {text} NOT NULL,
  row_no {int} NOT NULL,
  finding_id {uuid},
  severity {text} NOT NULL,
  outcome {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (sha256, row_no)
){strict};
CREATE INDEX sighting_finding ON sighting (finding_id);

CREATE TABLE component (
  sha256 {text} NOT NULL,
  row_no {int} NOT NULL,
  name {text} NOT NULL,
  version {text} NOT NULL,
  purl {text} NOT NULL,
  kind {text} NOT NULL,
  PRIMARY KEY (sha256, row_no)
){strict};
CREATE INDEX component_name ON component (name, version);

-- Observations are never edited; a wrong one is voided.
CREATE TABLE observation (
  id {uuid} PRIMARY KEY,
  test {text} NOT NULL,
  test_version {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  effective_at {int} NOT NULL,
  recorded_at {int} NOT NULL,
  result {text} NOT NULL,
  hash {text} NOT NULL,
  idempotency_key {text} NOT NULL UNIQUE,
  body {text} NOT NULL,
  voided_at {int},
  void_reason {text}
){strict};
CREATE INDEX observation_test ON observation (test, unit_id, effective_at);

-- What was worked out for a control, with the hash of what it was worked out from; never overwritten.
CREATE TABLE control_result (
  control_id {uuid} NOT NULL REFERENCES record (id),
  computed_at {int} NOT NULL,
  as_of {int} NOT NULL,
  state {text} NOT NULL,
  e {int},
  low {int},
  high {int},
  inputs_hash {text} NOT NULL,
  why {text} NOT NULL,
  PRIMARY KEY (control_id, computed_at)
){strict};

-- An alert's events, addressable down to the log line.
CREATE TABLE alert_event (
  alert_id {uuid} NOT NULL REFERENCES record (id),
  event_id {text} NOT NULL,
  at {int} NOT NULL,
  source {text} NOT NULL,
  position {int} NOT NULL,
  raw {text} NOT NULL,
  fields {text} NOT NULL,
  PRIMARY KEY (alert_id, event_id)
){strict};

-- Events that an observation names, kept with it so that the why panel opens to the log line.
CREATE TABLE basis_event (
  event_id {text} PRIMARY KEY,
  at {int} NOT NULL,
  source {text} NOT NULL,
  position {int} NOT NULL,
  raw {text} NOT NULL,
  fields {text} NOT NULL
){strict};

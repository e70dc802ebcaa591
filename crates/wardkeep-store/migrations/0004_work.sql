-- What every record has beside its fields: comments, watchers, attachments; and what every person has: views,
-- notices, delegations.
CREATE TABLE comment (
  id {uuid} PRIMARY KEY,
  record_id {uuid} NOT NULL REFERENCES record (id),
  person_id {uuid},
  at {int} NOT NULL,
  body {text} NOT NULL
){strict};
CREATE INDEX comment_record ON comment (record_id, at);

CREATE TABLE watcher (
  record_id {uuid} NOT NULL REFERENCES record (id),
  person_id {uuid} NOT NULL REFERENCES record (id),
  at {int} NOT NULL,
  PRIMARY KEY (record_id, person_id)
){strict};

CREATE TABLE attachment (
  id {uuid} PRIMARY KEY,
  record_id {uuid} NOT NULL REFERENCES record (id),
  sha256 {text} NOT NULL,
  name {text} NOT NULL,
  size {int} NOT NULL,
  media {text} NOT NULL,
  person_id {uuid},
  at {int} NOT NULL,
  removed_at {int}
){strict};
CREATE INDEX attachment_record ON attachment (record_id, at);
CREATE INDEX attachment_file ON attachment (sha256);

CREATE TABLE delegation (
  id {uuid} PRIMARY KEY,
  person_id {uuid} NOT NULL REFERENCES record (id),
  delegate_id {uuid} NOT NULL REFERENCES record (id),
  from_day {text} NOT NULL,
  until_day {text} NOT NULL,
  reason {text} NOT NULL,
  ended_at {int}
){strict};
CREATE INDEX delegation_delegate ON delegation (delegate_id, until_day);

CREATE TABLE saved_view (
  id {uuid} PRIMARY KEY,
  register {text} NOT NULL,
  person_id {uuid},
  name {text} NOT NULL,
  query {text} NOT NULL,
  shared {int} NOT NULL,
  position {int} NOT NULL
){strict};
CREATE INDEX saved_view_register ON saved_view (register, position);

CREATE TABLE notice (
  id {uuid} PRIMARY KEY,
  person_id {uuid} NOT NULL,
  record_id {uuid},
  at {int} NOT NULL,
  kind {text} NOT NULL,
  change_n {int},
  read_at {int}
){strict};
CREATE INDEX notice_person ON notice (person_id, read_at, at);

-- Imports: staged whole, previewed, applied in batches, undone as a whole.
CREATE TABLE import (
  id {uuid} PRIMARY KEY,
  register {text} NOT NULL,
  unit_id {uuid} NOT NULL,
  file_name {text} NOT NULL,
  file_sha256 {text} NOT NULL,
  person_id {uuid},
  at {int} NOT NULL,
  state {text} NOT NULL,
  rows_total {int} NOT NULL,
  rows_add {int} NOT NULL,
  rows_change {int} NOT NULL,
  rows_same {int} NOT NULL,
  rows_refused {int} NOT NULL,
  rows_applied {int} NOT NULL,
  warnings {text} NOT NULL,
  finished_at {int}
){strict};
CREATE INDEX import_at ON import (at);

CREATE TABLE import_row (
  import_id {uuid} NOT NULL REFERENCES import (id),
  row_no {int} NOT NULL,
  outcome {text} NOT NULL,
  record_id {uuid},
  base_version {int},
  title {text} NOT NULL,
  edits {text} NOT NULL,
  problems {text} NOT NULL,
  taken {int} NOT NULL,
  applied_change {int},
  undo {text},
  PRIMARY KEY (import_id, row_no)
){strict};
CREATE INDEX import_row_open ON import_row (import_id, outcome, applied_change, row_no);

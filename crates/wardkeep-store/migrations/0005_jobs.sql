-- Keys of this installation, stored files, jobs, and how far each reader of the change log has come.

-- Public halves of the keys that sign heads; the private half stands in the data folder alone.
CREATE TABLE signing_key (
  key_id {text} PRIMARY KEY,
  public_key {text} NOT NULL,
  at {int} NOT NULL,
  retired_at {int}
){strict};

-- Contents of files, by hash. What was erased keeps its row, so that whoever names it learns why it is gone.
CREATE TABLE file (
  sha256 {text} PRIMARY KEY,
  size {int} NOT NULL,
  media {text} NOT NULL,
  created_at {int} NOT NULL,
  legal_hold {int} NOT NULL,
  erased_at {int},
  erased_why {text}
){strict};
CREATE INDEX file_created ON file (created_at);

-- state: queued, running, done, failed, cancelled. A running job whose lease ended is taken over.
CREATE TABLE job (
  id {serial},
  kind {text} NOT NULL,
  payload {text} NOT NULL,
  state {text} NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
  priority {int} NOT NULL,
  unique_key {text},
  run_at {int} NOT NULL,
  attempts {int} NOT NULL,
  attempts_most {int} NOT NULL,
  claimed_by {text},
  lease_until {int},
  cancel_asked {int} NOT NULL,
  done {int} NOT NULL,
  total {int} NOT NULL,
  note {text} NOT NULL,
  log {text} NOT NULL,
  checkpoint {text},
  outcome {text},
  person_id {uuid},
  unit_id {uuid},
  created_at {int} NOT NULL,
  started_at {int},
  finished_at {int}
){strict};
CREATE INDEX job_next ON job (state, priority, run_at, id);
CREATE INDEX job_kind ON job (kind, id);
CREATE UNIQUE INDEX job_unique ON job (unique_key) WHERE state IN ('queued', 'running');

-- Each reader of the change log (webhooks, mail, derived numbers) goes through it at its own pace.
CREATE TABLE outbox_cursor (
  consumer {text} PRIMARY KEY,
  change_n {int} NOT NULL,
  claimed_by {text},
  lease_until {int} NOT NULL,
  failures {int} NOT NULL,
  note {text} NOT NULL,
  at {int} NOT NULL
){strict};

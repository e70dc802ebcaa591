-- What collectors sent, and what goes out to the world: webhooks and mail, each with its attempts.

-- Keys of collectors, by unit: sending the same twice is harmless, sending something else under a key is not.
CREATE TABLE observation_request (
  unit_id {uuid} NOT NULL,
  idempotency_key {text} NOT NULL,
  body_sha256 {text} NOT NULL,
  observation_id {uuid} NOT NULL REFERENCES observation (id),
  PRIMARY KEY (unit_id, idempotency_key)
){strict};

-- secret is sealed under the key file. What is told follows the rights of person_id at the moment of telling.
CREATE TABLE webhook (
  id {uuid} PRIMARY KEY,
  name {text} NOT NULL,
  url {text} NOT NULL,
  secret {text} NOT NULL,
  events {text} NOT NULL,
  unit_id {uuid} NOT NULL,
  person_id {uuid} NOT NULL REFERENCES record (id),
  state {text} NOT NULL CHECK (state IN ('on', 'off', 'ended')),
  failures {int} NOT NULL,
  note {text} NOT NULL,
  created_at {int} NOT NULL
){strict};
CREATE INDEX webhook_person ON webhook (person_id, state);

-- state: waiting, sent, given_up. No payload is kept: it is made when it is sent, with the rights of that moment.
CREATE TABLE webhook_delivery (
  id {uuid} PRIMARY KEY,
  webhook_id {uuid} NOT NULL REFERENCES webhook (id),
  change_n {int} NOT NULL,
  event {text} NOT NULL,
  state {text} NOT NULL CHECK (state IN ('waiting', 'sent', 'given_up')),
  attempts {int} NOT NULL,
  next_at {int} NOT NULL,
  claimed_by {text},
  status {int},
  note {text} NOT NULL,
  at {int} NOT NULL,
  UNIQUE (webhook_id, change_n)
){strict};
CREATE INDEX webhook_delivery_due ON webhook_delivery (state, next_at);
CREATE INDEX webhook_delivery_log ON webhook_delivery (webhook_id, at);

-- Notices on their way by mail.
CREATE TABLE mail_delivery (
  notice_id {uuid} PRIMARY KEY REFERENCES notice (id),
  state {text} NOT NULL CHECK (state IN ('waiting', 'sent', 'dropped', 'given_up')),
  attempts {int} NOT NULL,
  next_at {int} NOT NULL,
  claimed_by {text},
  note {text} NOT NULL,
  at {int} NOT NULL
){strict};
CREATE INDEX mail_delivery_due ON mail_delivery (state, next_at);

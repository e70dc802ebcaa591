-- Accounts, sessions, tokens, grants, approvals. Secrets stand here hashed or sealed, never in the change log.
CREATE TABLE account (
  id {uuid} PRIMARY KEY,
  person_id {uuid} NOT NULL REFERENCES record (id),
  email {text} NOT NULL UNIQUE,
  state {text} NOT NULL,
  password_hash {text},
  password_changed_at {int},
  totp_secret {text},
  totp_confirmed_at {int},
  totp_last_step {int} NOT NULL,
  language {text} NOT NULL,
  time_zone {text} NOT NULL,
  date_format {text} NOT NULL,
  number_format {text} NOT NULL,
  theme {text} NOT NULL,
  created_at {int} NOT NULL,
  last_sign_in_at {int}
){strict};
CREATE INDEX account_person ON account (person_id);

CREATE TABLE recovery_code (
  account_id {uuid} NOT NULL REFERENCES account (id),
  hash {text} NOT NULL,
  used_at {int},
  PRIMARY KEY (account_id, hash)
){strict};

-- Roles on units. A grant that was taken back keeps its row, with ended_at.
CREATE TABLE role_grant (
  id {uuid} PRIMARY KEY,
  person_id {uuid} NOT NULL REFERENCES record (id),
  role {text} NOT NULL,
  unit_id {uuid} NOT NULL REFERENCES record (id),
  recursive {int} NOT NULL,
  from_day {text},
  until_day {text},
  engagement_id {uuid},
  granted_at {int} NOT NULL,
  granted_by {uuid},
  ended_at {int}
){strict};
CREATE INDEX role_grant_person ON role_grant (person_id, ended_at);
CREATE INDEX role_grant_unit ON role_grant (unit_id, role);

-- token_hash: SHA-256 of what the cookie holds. step: done, or totp while the second factor is awaited.
CREATE TABLE session (
  id {uuid} PRIMARY KEY,
  token_hash {text} NOT NULL UNIQUE,
  account_id {uuid} NOT NULL REFERENCES account (id),
  step {text} NOT NULL,
  level {text} NOT NULL,
  wrong_codes {int} NOT NULL,
  created_at {int} NOT NULL,
  proved_at {int} NOT NULL,
  seen_at {int} NOT NULL,
  idle_until {int} NOT NULL,
  expires_at {int} NOT NULL,
  user_agent {text} NOT NULL,
  ip {text} NOT NULL,
  ended_at {int},
  ended_why {text}
){strict};
CREATE INDEX session_account ON session (account_id, ended_at);
CREATE INDEX session_expires ON session (expires_at);

-- Browsers that completed a sign-in: they are let through while strangers hammer on the account.
CREATE TABLE known_device (
  hash {text} PRIMARY KEY,
  account_id {uuid} NOT NULL REFERENCES account (id),
  created_at {int} NOT NULL,
  seen_at {int} NOT NULL,
  expires_at {int} NOT NULL
){strict};
CREATE INDEX known_device_account ON known_device (account_id);

CREATE TABLE one_time_link (
  hash {text} PRIMARY KEY,
  purpose {text} NOT NULL,
  account_id {uuid} REFERENCES account (id),
  created_at {int} NOT NULL,
  expires_at {int} NOT NULL,
  used_at {int}
){strict};
CREATE INDEX one_time_link_account ON one_time_link (account_id);

-- Of a token only its first letters and the hash of the rest are kept. person_id is empty for a program.
CREATE TABLE api_token (
  id {uuid} PRIMARY KEY,
  prefix {text} NOT NULL UNIQUE,
  hash {text} NOT NULL,
  name {text} NOT NULL,
  person_id {uuid} REFERENCES record (id),
  scopes {text} NOT NULL,
  units {text} NOT NULL,
  created_at {int} NOT NULL,
  created_by {uuid},
  expires_at {int} NOT NULL,
  used_at {int},
  used_ip {text},
  revoked_at {int}
){strict};
CREATE INDEX api_token_person ON api_token (person_id);

CREATE TABLE passkey (
  id {uuid} PRIMARY KEY,
  account_id {uuid} NOT NULL REFERENCES account (id),
  credential_id {text} NOT NULL UNIQUE,
  credential {text} NOT NULL,
  name {text} NOT NULL,
  counter {int} NOT NULL,
  created_at {int} NOT NULL,
  used_at {int}
){strict};
CREATE INDEX passkey_account ON passkey (account_id);

-- Challenges in flight, by the hash of a random key.
CREATE TABLE webauthn_state (
  hash {text} PRIMARY KEY,
  account_id {uuid},
  kind {text} NOT NULL,
  state {text} NOT NULL,
  expires_at {int} NOT NULL
){strict};

-- Counters of failures: kind of attempt, and whom or where it concerns (hashed).
CREATE TABLE attempt (
  kind {text} NOT NULL,
  subject {text} NOT NULL,
  failures {int} NOT NULL,
  since {int} NOT NULL,
  blocked_until {int} NOT NULL,
  PRIMARY KEY (kind, subject)
){strict};
CREATE INDEX attempt_since ON attempt (since);

CREATE TABLE pending_approval (
  id {uuid} PRIMARY KEY,
  asker_id {uuid},
  author_id {uuid},
  last_editor_id {uuid},
  delegate_id {uuid},
  act {text} NOT NULL,
  verb {text} NOT NULL,
  register {text} NOT NULL,
  record_id {uuid} NOT NULL REFERENCES record (id),
  unit_id {uuid} NOT NULL,
  version {int} NOT NULL,
  change_hash {text} NOT NULL,
  what {text} NOT NULL,
  reason {text} NOT NULL,
  asked_at {int} NOT NULL,
  expires_at {int} NOT NULL,
  decided_by {uuid},
  decided_at {int},
  outcome {text},
  decision_reason {text},
  independent {int}
){strict};
CREATE INDEX pending_approval_open ON pending_approval (outcome, expires_at);
CREATE INDEX pending_approval_record ON pending_approval (record_id, outcome);

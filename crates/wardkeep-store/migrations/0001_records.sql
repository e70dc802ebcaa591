-- Records, links, change log, search. Days are text, moments microseconds since 1970, booleans 0 or 1.
CREATE TABLE record (
  seq {serial},
  id {uuid} NOT NULL UNIQUE,
  register {text} NOT NULL,
  reference {text} NOT NULL UNIQUE,
  title {text} NOT NULL,
  unit_id {uuid} NOT NULL,
  owner_id {uuid},
  due_on {text},
  stage {text} NOT NULL,
  is_open {int} NOT NULL,
  restricted {int} NOT NULL,
  version {int} NOT NULL,
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL
){strict};
CREATE INDEX record_owner ON record (owner_id, is_open, due_on);
CREATE INDEX record_register ON record (register, changed_at);

-- Links are versioned: current ones have no to_change.
CREATE TABLE link (
  from_id {uuid} NOT NULL REFERENCES record (id),
  field {text} NOT NULL,
  to_id {uuid} NOT NULL REFERENCES record (id),
  from_change {int} NOT NULL,
  to_change {int}
){strict};
CREATE INDEX link_from ON link (from_id, field);
CREATE INDEX link_to ON link (to_id, field);

CREATE TABLE need_to_know (
  record_id {uuid} NOT NULL REFERENCES record (id),
  person_id {uuid} NOT NULL REFERENCES record (id),
  PRIMARY KEY (record_id, person_id)
){strict};
CREATE INDEX need_to_know_person ON need_to_know (person_id);

CREATE TABLE counter (name {text} PRIMARY KEY, next {int} NOT NULL){strict};

-- One chain. The one row of chain_head is also the lock that every writer takes first.
CREATE TABLE chain_head (id {int} PRIMARY KEY, n {int} NOT NULL, hash {text} NOT NULL, writers {int} NOT NULL){strict};
INSERT INTO chain_head (id, n, hash, writers) VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000', 0);

CREATE TABLE change (
  n {int} PRIMARY KEY,
  at {int} NOT NULL,
  actor_id {uuid},
  record_id {uuid},
  register {text} NOT NULL,
  act {text} NOT NULL,
  unit_id {uuid},
  entry {text} NOT NULL,
  hash {text} NOT NULL
){strict};
CREATE INDEX change_record ON change (record_id, n);
CREATE INDEX change_at ON change (at);

-- Values and salts stand beside the entry, so that erasing them leaves the chain whole.
CREATE TABLE change_value (
  n {int} NOT NULL REFERENCES change (n),
  field {text} NOT NULL,
  old_value {text},
  old_salt {text},
  new_value {text},
  new_salt {text},
  PRIMARY KEY (n, field)
){strict};

CREATE TABLE signed_head (
  n {int} NOT NULL,
  hash {text} NOT NULL,
  at {int} NOT NULL,
  key_id {text} NOT NULL,
  signature {text} NOT NULL,
  reason {text} NOT NULL,
  PRIMARY KEY (n, key_id, at)
){strict};

CREATE TABLE custom_field (
  register {text} NOT NULL,
  name {text} NOT NULL,
  label {text} NOT NULL,
  help {text} NOT NULL,
  kind {text} NOT NULL,
  options {text} NOT NULL,
  required {int} NOT NULL,
  position {int} NOT NULL,
  retired {int} NOT NULL,
  PRIMARY KEY (register, name)
){strict};

CREATE TABLE outbox (
  id {serial},
  first_change {int} NOT NULL,
  last_change {int} NOT NULL,
  at {int} NOT NULL,
  done_at {int}
){strict};
CREATE INDEX outbox_open ON outbox (done_at, id);

CREATE TABLE setting (name {text} PRIMARY KEY, value {text} NOT NULL){strict};

-- Rows of the search: the words, and tags for register and unit so that rights narrow the search itself.
--sqlite CREATE VIRTUAL TABLE search USING fts5(title, body, tags, tokenize = 'unicode61 remove_diacritics 2 tokenchars ''_''', prefix = '2 3');
--sqlite INSERT INTO search (search, rank) VALUES ('secure-delete', 1);
--postgres CREATE TABLE search (seq bigint PRIMARY KEY, doc tsvector NOT NULL);
--postgres CREATE INDEX search_doc ON search USING gin (doc);

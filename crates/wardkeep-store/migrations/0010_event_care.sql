-- Care of event files: when one was replaced, what must be kept, and for how long the rest is.
ALTER TABLE event_file ADD COLUMN superseded_at {int};

-- Nothing that a hold covers is deleted or rewritten until it ends.
CREATE TABLE event_hold (
  id {uuid} PRIMARY KEY,
  dialect {text} NOT NULL,
  from_at {int},
  to_at {int},
  reason {text} NOT NULL,
  made_at {int} NOT NULL,
  ended_at {int}
){strict};

-- Days that events of a kind are kept; `*` stands for every kind without a row of its own.
CREATE TABLE event_retention (
  dialect {text} PRIMARY KEY,
  days {int} NOT NULL
){strict};

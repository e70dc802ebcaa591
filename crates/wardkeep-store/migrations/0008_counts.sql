-- Counts of a register for a reader come from this index alone.
CREATE INDEX record_counts ON record (register, unit_id, restricted, is_open, due_on, owner_id, id);

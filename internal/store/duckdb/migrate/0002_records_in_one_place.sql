-- What lies apart is told by the ids of records now, since one import may add records of a conversation twice.
ALTER TABLE record DROP COLUMN added;

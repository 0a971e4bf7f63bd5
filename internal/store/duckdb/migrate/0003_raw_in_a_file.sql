-- What records came as goes to a file beside the database from here on. What is in the table stays there.
ALTER TABLE record ADD COLUMN raw_at BIGINT;
ALTER TABLE state ADD COLUMN raw_file BIGINT DEFAULT 0;
ALTER TABLE state ADD COLUMN raw_end BIGINT DEFAULT 0;

-- What 0005 put into a table of its own goes from the table of records.
ALTER TABLE record DROP COLUMN format;
ALTER TABLE record DROP COLUMN file;
ALTER TABLE record DROP COLUMN bot_id;
ALTER TABLE record DROP COLUMN bot_schema;
ALTER TABLE record DROP COLUMN bot_name;
ALTER TABLE record DROP COLUMN given_id;
ALTER TABLE record DROP COLUMN given_schema;
ALTER TABLE record DROP COLUMN given_name;
-- Conversations hardly repeat: trying to compress their ids is a quarter of what committing records costs, and comes to this.
ALTER TABLE record ADD COLUMN plain VARCHAR USING COMPRESSION uncompressed;
ALTER TABLE record ALTER plain TYPE VARCHAR USING conversation;
ALTER TABLE record ALTER plain SET NOT NULL;
ALTER TABLE record DROP COLUMN conversation;
ALTER TABLE record RENAME plain TO conversation;

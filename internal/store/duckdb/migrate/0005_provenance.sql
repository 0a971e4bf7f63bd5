-- Where records came from and what they say of their bot is the same for thousands of them: it stands in a table of its own from here on, and
-- records name it by a number. The table of records gets a column rather than being written anew: it may hold gigabytes of raw from before
-- 0003. Having filled a column, DuckDB takes no other change of the table in the same transaction: the constraint comes before, and what is
-- not needed any more goes with the next step. Three million records take a second; where each came in a file of its own, six.
CREATE TABLE provenance (
    id           BIGINT  NOT NULL,
    format       VARCHAR NOT NULL,
    file         VARCHAR NOT NULL,
    bot_id       VARCHAR NOT NULL,
    bot_schema   VARCHAR NOT NULL,
    bot_name     VARCHAR NOT NULL,
    given_id     VARCHAR NOT NULL,
    given_schema VARCHAR NOT NULL,
    given_name   VARCHAR NOT NULL
);
INSERT INTO provenance SELECT row_number() OVER (ORDER BY first), * EXCLUDE first FROM (
    SELECT min(id) AS first, format, file, bot_id, bot_schema, bot_name, given_id, given_schema, given_name FROM record GROUP BY ALL);
ALTER TABLE record ADD COLUMN provenance BIGINT DEFAULT 0;
ALTER TABLE record ALTER provenance SET NOT NULL;
ALTER TABLE record ALTER provenance DROP DEFAULT;
UPDATE record SET provenance = p.id FROM provenance AS p
    WHERE p.format = record.format AND p.file = record.file
    AND p.bot_id = record.bot_id AND p.bot_schema = record.bot_schema AND p.bot_name = record.bot_name
    AND p.given_id = record.given_id AND p.given_schema = record.given_schema AND p.given_name = record.given_name;

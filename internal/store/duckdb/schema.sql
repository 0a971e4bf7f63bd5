-- The whole schema as it is now, for reading. What makes it are the migrations in migrate/; a test holds the two against each other.
-- The tables of projections (session_<id>, billed_<id>, utterance_<id>) are made of package fact's columns: testdata/projection.sql.

-- The steps that were taken, in order.
CREATE TABLE migration (
    version    BIGINT  NOT NULL,
    name       VARCHAR NOT NULL,
    checksum   VARCHAR NOT NULL, -- SHA-256 of the step's text
    applied_at BIGINT  NOT NULL, -- ms since 1970, UTC
    applied_by VARCHAR NOT NULL  -- Rapport's version
);

-- One row: how many updates there were, the highest ids that were ever given, and the file that raw records stand in (rapport.records.<n>,
-- 0 for none yet) with how far it counts.
CREATE TABLE state (
    generation      BIGINT NOT NULL,
    last_record     BIGINT NOT NULL,
    last_import     BIGINT NOT NULL,
    last_projection BIGINT NOT NULL,
    raw_file        BIGINT DEFAULT 0,
    raw_end         BIGINT DEFAULT 0
);

-- Records as they came, ascending by id.
CREATE TABLE record (
    id           BIGINT  NOT NULL,
    key          BIGINT  NOT NULL,
    import       BIGINT  NOT NULL,
    print        UUID, -- null for none
    line         BIGINT  NOT NULL,
    byte_offset  BIGINT  NOT NULL,
    days         INTEGER[],
    size         BIGINT  NOT NULL, -- bytes that it came as, packed
    raw          BLOB USING COMPRESSION uncompressed, -- those, of a record from before there was a file for them; else null
    raw_at       BIGINT, -- where they begin in that file; null where they do not stand there
    provenance   BIGINT  NOT NULL,
    conversation VARCHAR NOT NULL USING COMPRESSION uncompressed
);

-- Where records came from and what they say of their bot: the same for thousands of them. It may stand here more than once.
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

-- Which imports brought a record.
CREATE TABLE sight (
    record BIGINT NOT NULL,
    import BIGINT NOT NULL
);

-- The account of an import, as JSON.
CREATE TABLE import_account (
    id      BIGINT  NOT NULL,
    account VARCHAR NOT NULL
);

-- Rows in quarantine, as they came.
CREATE TABLE reject (
    import      BIGINT  NOT NULL,
    number      BIGINT  NOT NULL,
    file        VARCHAR NOT NULL,
    line        BIGINT  NOT NULL,
    byte_offset BIGINT  NOT NULL,
    reason      VARCHAR NOT NULL,
    size        BIGINT  NOT NULL,
    raw         BLOB USING COMPRESSION uncompressed
);

-- All sessions under one definition version, catalogue version and engine revision. Their facts are in session_<id>, billed_<id> and
-- utterance_<id>, whose columns are those of package fact.
CREATE TABLE projection (
    id         BIGINT  NOT NULL,
    name       VARCHAR NOT NULL,
    definition VARCHAR NOT NULL,
    rules      VARCHAR NOT NULL,
    catalogue  BIGINT  NOT NULL,
    revision   BIGINT  NOT NULL,
    built_at   BIGINT  NOT NULL,
    sessions   BIGINT  NOT NULL,
    loose      BIGINT  NOT NULL  -- sessions that were put behind later ones since the tables were last sorted
);

-- What people change, every version of it.
CREATE TABLE document (
    kind       VARCHAR NOT NULL,
    name       VARCHAR NOT NULL,
    version    BIGINT  NOT NULL,
    changed_at BIGINT  NOT NULL,
    changed_by VARCHAR NOT NULL,
    deleted    BOOLEAN NOT NULL,
    body       VARCHAR NOT NULL
);

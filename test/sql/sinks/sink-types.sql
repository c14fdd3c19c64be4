-- What a sink does to values of other types and lengths, and to keys.
CREATE TABLE t (id INT, s STRING, d FLOAT, n DECIMAL(10, 4), ts TIMESTAMP(6));
CREATE TABLE narrow (id BIGINT, s STRING, d DOUBLE, n DECIMAL(6, 1), ts TIMESTAMP(0));
CREATE TABLE keyed (id INT, s STRING, PRIMARY KEY (id) NOT ENFORCED) WITH ('sink.changelog-mode' = 'upsert');
CREATE TABLE stamped (id INT, at_time TIMESTAMP_LTZ(3) METADATA FROM 'timestamp');

-- input t
-- [1, "abc", 0.5, "1.2500", "2025-01-01 00:00:00.999999"]
-- [2, null, -1e10, "-99999.9500", "1969-12-31 23:59:59.5"]
-- [1, "again", null, null, null]

-- query implicit-casts
INSERT INTO narrow SELECT * FROM t;
-- expect narrow
-- [1, "abc", 0.5, "1.3", "2025-01-01 00:00:00"]
-- [1, "again", null, null, null]
-- [2, null, -10000000000, null, "1969-12-31 23:59:59"]

-- query rows-of-one-key-overwrite-each-other
INSERT INTO keyed SELECT id, s FROM t;
-- changelog keyed
-- +I [1, "abc"]
-- +I [2, null]
-- +I [1, "again"]

-- query writable-metadata
INSERT INTO stamped SELECT id, CAST(ts AS TIMESTAMP_LTZ(3)) FROM t;
-- expect stamped
-- [1, "2025-01-01T00:00:00.999Z"]
-- [1, null]
-- [2, "1969-12-31T23:59:59.500Z"]

-- query too-few-columns
INSERT INTO narrow SELECT id FROM t;
-- error MR_BIND_SINK_SCHEMA

-- query types-that-do-not-fit
INSERT INTO narrow (id) SELECT s FROM t;
-- error MR_BIND_SINK_SCHEMA

-- query timestamp-into-double-is-refused
INSERT INTO narrow (d) SELECT ts FROM t;
-- error MR_BIND_SINK_SCHEMA

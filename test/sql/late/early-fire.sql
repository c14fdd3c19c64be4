-- Early firing: an open window shows what it has so far every delay of processing time, then its final row.
CREATE TABLE c (ts TIMESTAMP(3), k STRING, WATERMARK FOR ts AS ts - INTERVAL '1' MINUTE);

-- input c
-- clock 2025-01-01 00:00:00
-- ["2025-01-01 00:00:01", "a"]
-- ["2025-01-01 00:00:02", "b"]
-- clock 2025-01-01 00:00:11
-- ["2025-01-01 00:00:03", "a"]
-- clock 2025-01-01 00:00:22
-- ["2025-01-01 00:00:11", "a"]
-- clock 2025-01-01 00:00:33
-- ["2025-01-01 00:00:12", "a"]
-- ["2025-01-01 00:00:05", "b"]
-- clock 2025-01-01 00:00:50
-- ["2025-01-01 00:00:04", "a"]
-- ["2025-01-01 00:00:13", "c"]
-- clock 2025-01-01 00:00:51
-- ["2025-01-01 00:00:06", "b"]

-- query final-rows-only
-- duckdb SELECT time_bucket(INTERVAL '10' SECOND, ts), k, count(*) FROM c GROUP BY ALL
SELECT TUMBLE_START(ts, INTERVAL '10' SECOND) AS s, k, COUNT(*) AS n FROM c GROUP BY TUMBLE(ts, INTERVAL '10' SECOND), k;
-- changelog
-- +I ["2025-01-01 00:00:00", "a", 3]
-- +I ["2025-01-01 00:00:00", "b", 3]
-- +I ["2025-01-01 00:00:10", "a", 2]
-- +I ["2025-01-01 00:00:10", "c", 1]

-- query every-ten-seconds
-- duckdb SELECT time_bucket(INTERVAL '10' SECOND, ts), k, count(*) FROM c GROUP BY ALL
-- only plain tiny
SET 'table.exec.emit.early-fire.enabled' = 'true';
SET 'table.exec.emit.early-fire.delay' = '10 s';
SELECT TUMBLE_START(ts, INTERVAL '10' SECOND) AS s, k, COUNT(*) AS n FROM c GROUP BY TUMBLE(ts, INTERVAL '10' SECOND), k;
-- changelog
-- +I ["2025-01-01 00:00:00", "a", 2]
-- +I ["2025-01-01 00:00:00", "b", 1]
-- +I ["2025-01-01 00:00:10", "a", 2]
-- -U ["2025-01-01 00:00:00", "a", 2]
-- +U ["2025-01-01 00:00:00", "a", 3]
-- -U ["2025-01-01 00:00:00", "b", 1]
-- +U ["2025-01-01 00:00:00", "b", 2]
-- -U ["2025-01-01 00:00:00", "b", 2]
-- +U ["2025-01-01 00:00:00", "b", 3]
-- +I ["2025-01-01 00:00:10", "c", 1]

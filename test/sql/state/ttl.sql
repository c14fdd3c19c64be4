-- State TTL: a group silent for longer than table.exec.state.ttl starts over.
CREATE TABLE t (k STRING, v INT);

-- input t
-- clock 2025-01-01 00:00:00
-- ["a", 1]
-- ["b", 1]
-- clock 2025-01-01 00:00:50
-- ["a", 2]
-- clock 2025-01-01 00:01:30
-- ["a", 3]
-- ["b", 3]
-- clock 2025-01-01 00:03:00
-- ["a", 4]

-- query without-ttl
-- duckdb same
SELECT k, COUNT(*) AS n, SUM(v) AS s FROM t GROUP BY k;
-- expect
-- ["a", 4, 10]
-- ["b", 2, 4]

-- query one-minute
-- only plain tiny
SET 'table.exec.state.ttl' = '1 min';
SELECT k, COUNT(*) AS n, SUM(v) AS s FROM t GROUP BY k;
-- changelog
-- +I ["a", 1, 1]
-- +I ["b", 1, 1]
-- -U ["a", 1, 1]
-- +U ["a", 2, 3]
-- -U ["a", 2, 3]
-- +U ["a", 3, 6]
-- +I ["b", 1, 3]
-- +I ["a", 1, 4]

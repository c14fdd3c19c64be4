-- Windows over PROCTIME() put rows where the clock is.
CREATE TABLE t (k STRING, p AS PROCTIME());

-- input t
-- clock 2025-01-01 00:00:01
-- ["a"]
-- ["b"]
-- clock 2025-01-01 00:00:09
-- ["a"]
-- clock 2025-01-01 00:00:12
-- ["a"]
-- clock 2025-01-01 00:00:41
-- ["b"]

-- query tumble
-- only plain tiny
SELECT window_start, k, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(p), INTERVAL '10' SECOND)) GROUP BY window_start, window_end, k;
-- changelog
-- +I ["2025-01-01 00:00:00", "a", 2]
-- +I ["2025-01-01 00:00:00", "b", 1]
-- +I ["2025-01-01 00:00:10", "a", 1]
-- +I ["2025-01-01 00:00:40", "b", 1]

-- query legacy-tumble
-- only plain tiny
SELECT TUMBLE_START(p, INTERVAL '10' SECOND) AS s, k, COUNT(*) AS n FROM t GROUP BY TUMBLE(p, INTERVAL '10' SECOND), k;
-- changelog
-- +I ["2025-01-01 00:00:00", "a", 2]
-- +I ["2025-01-01 00:00:00", "b", 1]
-- +I ["2025-01-01 00:00:10", "a", 1]
-- +I ["2025-01-01 00:00:40", "b", 1]

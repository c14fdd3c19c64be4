-- TUMBLE over several splits, NULL keys, empty windows between.
CREATE TABLE clicks (
  ts TIMESTAMP(3),
  ip STRING,
  v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
);

-- input clicks
-- ["2025-01-01 00:00:01", "a", 1]
-- ["2025-01-01 00:00:00", "a", 2]
-- ["2025-01-01 00:00:04.999", null, 3]
-- split 1
-- ["2025-01-01 00:00:05", "b", null]
-- ["2025-01-01 00:00:03", null, 4]
-- split 0
-- ["2025-01-01 00:00:31", "a", 5]
-- split 1
-- ["2025-01-01 00:00:32", "b", 6]
-- split 2
-- ["1969-12-31 23:59:58", "b", 7]

-- query count-and-sum
-- duckdb same
SELECT window_start, window_end, window_time, ip, COUNT(*) AS n, COUNT(v) AS nv, SUM(v) AS s, MIN(v) AS lo, MAX(v) AS hi
FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '5' SECOND))
GROUP BY window_start, window_end, window_time, ip;
-- expect
-- ["1969-12-31 23:59:55", "1970-01-01 00:00:00", "1969-12-31 23:59:59.999", "b", 1, 1, 7, 7, 7]
-- ["2025-01-01 00:00:00", "2025-01-01 00:00:05", "2025-01-01 00:00:04.999", "a", 2, 2, 3, 1, 2]
-- ["2025-01-01 00:00:00", "2025-01-01 00:00:05", "2025-01-01 00:00:04.999", null, 2, 2, 7, 3, 4]
-- ["2025-01-01 00:00:05", "2025-01-01 00:00:10", "2025-01-01 00:00:09.999", "b", 1, 0, null, null, null]
-- ["2025-01-01 00:00:30", "2025-01-01 00:00:35", "2025-01-01 00:00:34.999", "a", 1, 1, 5, 5, 5]
-- ["2025-01-01 00:00:30", "2025-01-01 00:00:35", "2025-01-01 00:00:34.999", "b", 1, 1, 6, 6, 6]

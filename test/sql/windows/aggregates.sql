-- Aggregates of every kind inside windows: slices are merged for HOP and CUMULATE.
CREATE TABLE t (ts TIMESTAMP(3), k INT, v BIGINT, n DECIMAL(12, 3), d DOUBLE, s STRING, WATERMARK FOR ts AS ts - INTERVAL '1' MINUTE);

-- input t
-- ["2025-01-01 00:00:00", 1, 9223372036854775807, "999999999.999", 0.5, "a"]
-- ["2025-01-01 00:00:04", 1, 1, "0.001", 0.25, "b"]
-- ["2025-01-01 00:00:06", 1, null, null, null, "a"]
-- ["2025-01-01 00:00:11", 2, -5, "-1.500", -4.0, null]
-- ["2025-01-01 00:00:14", 2, 3, "1.500", 4.0, "c"]
-- split 1
-- ["2025-01-01 00:00:03", null, 7, "7.000", 7.0, ""]
-- ["2025-01-01 00:00:16", null, 8, "8.000", 8.0, "z"]
-- ["2025-01-01 00:00:21", 1, 2, "2.000", 2.0, "b"]

-- query hop-min-max-avg
-- duckdb SELECT window_start, k, min(v), max(v), min(n), max(n), min(s), max(s), avg(d) FROM TABLE(HOP(TABLE t, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '15' SECOND)) GROUP BY window_start, window_end, k
SELECT window_start, k, MIN(v) AS a, MAX(v) AS b, MIN(n) AS c, MAX(n) AS d, MIN(s) AS e, MAX(s) AS f, AVG(d) AS g
FROM TABLE(HOP(TABLE t, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '15' SECOND))
GROUP BY window_start, window_end, k;
-- expect
-- ["2024-12-31 23:59:50", 1, 1, 9223372036854775807, "0.001", "999999999.999", "a", "b", 0.375]
-- ["2024-12-31 23:59:50", null, 7, 7, "7.000", "7.000", "", "", 7]
-- ["2024-12-31 23:59:55", 1, 1, 9223372036854775807, "0.001", "999999999.999", "a", "b", 0.375]
-- ["2024-12-31 23:59:55", null, 7, 7, "7.000", "7.000", "", "", 7]
-- ["2025-01-01 00:00:00", 1, 1, 9223372036854775807, "0.001", "999999999.999", "a", "b", 0.375]
-- ["2025-01-01 00:00:00", 2, -5, 3, "-1.500", "1.500", "c", "c", 0]
-- ["2025-01-01 00:00:00", null, 7, 7, "7.000", "7.000", "", "", 7]
-- ["2025-01-01 00:00:05", 1, null, null, null, null, "a", "a", null]
-- ["2025-01-01 00:00:05", 2, -5, 3, "-1.500", "1.500", "c", "c", 0]
-- ["2025-01-01 00:00:05", null, 8, 8, "8.000", "8.000", "z", "z", 8]
-- ["2025-01-01 00:00:10", 1, 2, 2, "2.000", "2.000", "b", "b", 2]
-- ["2025-01-01 00:00:10", 2, -5, 3, "-1.500", "1.500", "c", "c", 0]
-- ["2025-01-01 00:00:10", null, 8, 8, "8.000", "8.000", "z", "z", 8]
-- ["2025-01-01 00:00:15", 1, 2, 2, "2.000", "2.000", "b", "b", 2]
-- ["2025-01-01 00:00:15", null, 8, 8, "8.000", "8.000", "z", "z", 8]
-- ["2025-01-01 00:00:20", 1, 2, 2, "2.000", "2.000", "b", "b", 2]

-- query cumulate-sums
-- duckdb SELECT window_end, k, sum(n), count(DISTINCT s), count(*) FILTER (WHERE d > 0) FROM TABLE(CUMULATE(TABLE t, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '15' SECOND)) GROUP BY window_start, window_end, k
SELECT window_end, k, SUM(n) AS sn, COUNT(DISTINCT s) AS ds, COUNT(*) FILTER (WHERE d > 0) AS pos
FROM TABLE(CUMULATE(TABLE t, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '15' SECOND))
GROUP BY window_start, window_end, k;
-- expect
-- ["2025-01-01 00:00:05", 1, "1000000000.000", 2, 2]
-- ["2025-01-01 00:00:05", null, "7.000", 1, 1]
-- ["2025-01-01 00:00:10", 1, "1000000000.000", 2, 2]
-- ["2025-01-01 00:00:10", null, "7.000", 1, 1]
-- ["2025-01-01 00:00:15", 1, "1000000000.000", 2, 2]
-- ["2025-01-01 00:00:15", 2, "0.000", 1, 1]
-- ["2025-01-01 00:00:15", null, "7.000", 1, 1]
-- ["2025-01-01 00:00:20", null, "8.000", 1, 1]
-- ["2025-01-01 00:00:25", 1, "2.000", 1, 1]
-- ["2025-01-01 00:00:25", null, "8.000", 1, 1]
-- ["2025-01-01 00:00:30", 1, "2.000", 1, 1]
-- ["2025-01-01 00:00:30", null, "8.000", 1, 1]

-- query distinct-with-filter-in-hop
-- duckdb same
SELECT window_start, COUNT(DISTINCT s) FILTER (WHERE v > 0) AS a, COUNT(DISTINCT k) AS b, SUM(DISTINCT n) AS c
FROM TABLE(HOP(TABLE t, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '10' SECOND))
GROUP BY window_start, window_end;
-- expect
-- ["2024-12-31 23:59:55", 3, 1, "1000000007.000"]
-- ["2025-01-01 00:00:00", 3, 1, "1000000007.000"]
-- ["2025-01-01 00:00:05", 1, 2, "0.000"]
-- ["2025-01-01 00:00:10", 2, 1, "8.000"]
-- ["2025-01-01 00:00:15", 2, 1, "10.000"]
-- ["2025-01-01 00:00:20", 1, 1, "2.000"]

-- query bigint-sum-wraps-in-a-window
SELECT window_start, k, SUM(v) AS total
FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND))
WHERE k = 1 GROUP BY window_start, window_end, k;
-- expect
-- ["2025-01-01 00:00:00", 1, -9223372036854775808]
-- ["2025-01-01 00:00:20", 1, 2]

-- query grouped-by-an-expression
-- duckdb same
SELECT window_start, v > 2 AS big, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, v > 2;
-- expect
-- ["2025-01-01 00:00:00", false, 1]
-- ["2025-01-01 00:00:00", null, 1]
-- ["2025-01-01 00:00:00", true, 2]
-- ["2025-01-01 00:00:10", false, 1]
-- ["2025-01-01 00:00:10", true, 2]
-- ["2025-01-01 00:00:20", false, 1]

-- query filter-above-the-window
-- duckdb SELECT window_start, n FROM (SELECT window_start, count(*) AS n FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end) WHERE n > 1 AND window_start < TIMESTAMP '2025-01-01 00:00:10'
SELECT window_start, n FROM (
  SELECT window_start, window_end, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end
) WHERE n > 1 AND window_start < TIMESTAMP '2025-01-01 00:00:10';
-- expect
-- ["2025-01-01 00:00:00", 4]

-- query filter-below-the-window
-- duckdb same
SELECT window_start, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND))
WHERE s IS NOT NULL AND v > 1 GROUP BY window_start, window_end;
-- expect
-- ["2025-01-01 00:00:00", 2]
-- ["2025-01-01 00:00:10", 2]
-- ["2025-01-01 00:00:20", 1]

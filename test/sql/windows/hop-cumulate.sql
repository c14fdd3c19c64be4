-- HOP and CUMULATE over out-of-order rows; every slice is shared by several windows.
CREATE TABLE v (
  ts TIMESTAMP(3),
  item BIGINT,
  usr STRING,
  WATERMARK FOR ts AS ts - INTERVAL '20' SECOND
);

-- input v
-- ["2025-01-01 00:00:00", 1, "x"]
-- ["2025-01-01 00:00:09.999", 1, "y"]
-- ["2025-01-01 00:00:10", 2, "x"]
-- ["2025-01-01 00:00:05", 2, "x"]
-- ["2025-01-01 00:00:25", 1, null]
-- split 1
-- ["2025-01-01 00:00:12", null, "z"]
-- ["2025-01-01 00:00:31", 2, "y"]
-- ["2025-01-01 00:00:29", 2, "y"]
-- ["2025-01-01 00:01:31", 1, "x"]

-- query hop
-- duckdb same
SELECT window_start, window_end, item, COUNT(*) AS n, COUNT(DISTINCT usr) AS users
FROM TABLE(HOP(TABLE v, DESCRIPTOR(ts), INTERVAL '10' SECOND, INTERVAL '30' SECOND))
GROUP BY window_start, window_end, item;
-- expect
-- ["2024-12-31 23:59:40", "2025-01-01 00:00:10", 1, 2, 2]
-- ["2024-12-31 23:59:40", "2025-01-01 00:00:10", 2, 1, 1]
-- ["2024-12-31 23:59:50", "2025-01-01 00:00:20", 1, 2, 2]
-- ["2024-12-31 23:59:50", "2025-01-01 00:00:20", 2, 2, 1]
-- ["2024-12-31 23:59:50", "2025-01-01 00:00:20", null, 1, 1]
-- ["2025-01-01 00:00:00", "2025-01-01 00:00:30", 1, 3, 2]
-- ["2025-01-01 00:00:00", "2025-01-01 00:00:30", 2, 3, 2]
-- ["2025-01-01 00:00:00", "2025-01-01 00:00:30", null, 1, 1]
-- ["2025-01-01 00:00:10", "2025-01-01 00:00:40", 1, 1, 0]
-- ["2025-01-01 00:00:10", "2025-01-01 00:00:40", 2, 3, 2]
-- ["2025-01-01 00:00:10", "2025-01-01 00:00:40", null, 1, 1]
-- ["2025-01-01 00:00:20", "2025-01-01 00:00:50", 1, 1, 0]
-- ["2025-01-01 00:00:20", "2025-01-01 00:00:50", 2, 2, 1]
-- ["2025-01-01 00:00:30", "2025-01-01 00:01:00", 2, 1, 1]
-- ["2025-01-01 00:01:10", "2025-01-01 00:01:40", 1, 1, 1]
-- ["2025-01-01 00:01:20", "2025-01-01 00:01:50", 1, 1, 1]
-- ["2025-01-01 00:01:30", "2025-01-01 00:02:00", 1, 1, 1]

-- query cumulate
-- duckdb same
SELECT window_start, window_end, COUNT(*) AS n, COUNT(DISTINCT usr) AS users, MAX(item) AS top
FROM TABLE(CUMULATE(TABLE v, DESCRIPTOR(ts), INTERVAL '10' SECOND, INTERVAL '1' MINUTE))
GROUP BY window_start, window_end;
-- expect
-- ["2025-01-01 00:00:00", "2025-01-01 00:00:10", 3, 2, 2]
-- ["2025-01-01 00:00:00", "2025-01-01 00:00:20", 5, 3, 2]
-- ["2025-01-01 00:00:00", "2025-01-01 00:00:30", 7, 3, 2]
-- ["2025-01-01 00:00:00", "2025-01-01 00:00:40", 8, 3, 2]
-- ["2025-01-01 00:00:00", "2025-01-01 00:00:50", 8, 3, 2]
-- ["2025-01-01 00:00:00", "2025-01-01 00:01:00", 8, 3, 2]
-- ["2025-01-01 00:01:00", "2025-01-01 00:01:40", 1, 1, 1]
-- ["2025-01-01 00:01:00", "2025-01-01 00:01:50", 1, 1, 1]
-- ["2025-01-01 00:01:00", "2025-01-01 00:02:00", 1, 1, 1]

-- query hop-without-aggregate
-- duckdb same
SELECT window_start, window_end, item, usr
FROM TABLE(HOP(TABLE v, DESCRIPTOR(ts), INTERVAL '10' SECOND, INTERVAL '20' SECOND))
WHERE usr = 'x';
-- expect
-- ["2024-12-31 23:59:50", "2025-01-01 00:00:10", 1, "x"]
-- ["2024-12-31 23:59:50", "2025-01-01 00:00:10", 2, "x"]
-- ["2025-01-01 00:00:00", "2025-01-01 00:00:20", 1, "x"]
-- ["2025-01-01 00:00:00", "2025-01-01 00:00:20", 2, "x"]
-- ["2025-01-01 00:00:00", "2025-01-01 00:00:20", 2, "x"]
-- ["2025-01-01 00:00:10", "2025-01-01 00:00:30", 2, "x"]
-- ["2025-01-01 00:01:20", "2025-01-01 00:01:40", 1, "x"]
-- ["2025-01-01 00:01:30", "2025-01-01 00:01:50", 1, "x"]

-- query named-arguments
-- duckdb SELECT time_bucket(INTERVAL '10' SECOND, ts), count(*) FROM v GROUP BY 1
SELECT window_start, COUNT(*) AS n
FROM TABLE(TUMBLE(DATA => TABLE v, TIMECOL => DESCRIPTOR(ts), SIZE => INTERVAL '10' SECOND))
GROUP BY window_start, window_end;
-- expect
-- ["2025-01-01 00:00:00", 3]
-- ["2025-01-01 00:00:10", 2]
-- ["2025-01-01 00:00:20", 2]
-- ["2025-01-01 00:00:30", 1]
-- ["2025-01-01 00:01:30", 1]

-- query offset
-- duckdb SELECT time_bucket(INTERVAL '10' SECOND, ts, TIMESTAMP '1970-01-01 00:00:03'), count(*) FROM v GROUP BY 1
SELECT window_start, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE v, DESCRIPTOR(ts), INTERVAL '10' SECOND, INTERVAL '3' SECOND))
GROUP BY window_start, window_end;
-- expect
-- ["2024-12-31 23:59:53", 1]
-- ["2025-01-01 00:00:03", 4]
-- ["2025-01-01 00:00:23", 3]
-- ["2025-01-01 00:01:23", 1]

-- query negative-offset
-- duckdb SELECT time_bucket(INTERVAL '10' SECOND, ts, TIMESTAMP '1970-01-01 00:00:06'), count(*) FROM v GROUP BY 1
SELECT window_start, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE v, DESCRIPTOR(ts), INTERVAL '10' SECOND, INTERVAL '-4' SECOND))
GROUP BY window_start, window_end;
-- expect
-- ["2024-12-31 23:59:56", 2]
-- ["2025-01-01 00:00:06", 3]
-- ["2025-01-01 00:00:16", 1]
-- ["2025-01-01 00:00:26", 2]
-- ["2025-01-01 00:01:26", 1]

-- query legacy-tumble
-- duckdb SELECT time_bucket(INTERVAL '10' SECOND, ts), time_bucket(INTERVAL '10' SECOND, ts) + INTERVAL '10' SECOND, time_bucket(INTERVAL '10' SECOND, ts) + INTERVAL '9999' MILLISECOND, item, count(*) FROM v GROUP BY ALL
SELECT TUMBLE_START(ts, INTERVAL '10' SECOND) AS s, TUMBLE_END(ts, INTERVAL '10' SECOND) AS e, TUMBLE_ROWTIME(ts, INTERVAL '10' SECOND) AS r, item, COUNT(*) AS n
FROM v GROUP BY TUMBLE(ts, INTERVAL '10' SECOND), item;
-- expect
-- ["2025-01-01 00:00:00", "2025-01-01 00:00:10", "2025-01-01 00:00:09.999", 1, 2]
-- ["2025-01-01 00:00:00", "2025-01-01 00:00:10", "2025-01-01 00:00:09.999", 2, 1]
-- ["2025-01-01 00:00:10", "2025-01-01 00:00:20", "2025-01-01 00:00:19.999", 2, 1]
-- ["2025-01-01 00:00:10", "2025-01-01 00:00:20", "2025-01-01 00:00:19.999", null, 1]
-- ["2025-01-01 00:00:20", "2025-01-01 00:00:30", "2025-01-01 00:00:29.999", 1, 1]
-- ["2025-01-01 00:00:20", "2025-01-01 00:00:30", "2025-01-01 00:00:29.999", 2, 1]
-- ["2025-01-01 00:00:30", "2025-01-01 00:00:40", "2025-01-01 00:00:39.999", 2, 1]
-- ["2025-01-01 00:01:30", "2025-01-01 00:01:40", "2025-01-01 00:01:39.999", 1, 1]

-- query legacy-hop
-- duckdb SELECT s, s + INTERVAL '30' SECOND, item, count(*) FROM (SELECT *, unnest(generate_series(time_bucket(INTERVAL '10' SECOND, ts) - INTERVAL '20' SECOND, time_bucket(INTERVAL '10' SECOND, ts), INTERVAL '10' SECOND)) AS s FROM v) GROUP BY ALL
SELECT HOP_START(ts, INTERVAL '10' SECOND, INTERVAL '30' SECOND) AS s, HOP_END(ts, INTERVAL '10' SECOND, INTERVAL '30' SECOND) AS e, item, COUNT(*) AS n
FROM v GROUP BY HOP(ts, INTERVAL '10' SECOND, INTERVAL '30' SECOND), item;
-- expect
-- ["2024-12-31 23:59:40", "2025-01-01 00:00:10", 1, 2]
-- ["2024-12-31 23:59:40", "2025-01-01 00:00:10", 2, 1]
-- ["2024-12-31 23:59:50", "2025-01-01 00:00:20", 1, 2]
-- ["2024-12-31 23:59:50", "2025-01-01 00:00:20", 2, 2]
-- ["2024-12-31 23:59:50", "2025-01-01 00:00:20", null, 1]
-- ["2025-01-01 00:00:00", "2025-01-01 00:00:30", 1, 3]
-- ["2025-01-01 00:00:00", "2025-01-01 00:00:30", 2, 3]
-- ["2025-01-01 00:00:00", "2025-01-01 00:00:30", null, 1]
-- ["2025-01-01 00:00:10", "2025-01-01 00:00:40", 1, 1]
-- ["2025-01-01 00:00:10", "2025-01-01 00:00:40", 2, 3]
-- ["2025-01-01 00:00:10", "2025-01-01 00:00:40", null, 1]
-- ["2025-01-01 00:00:20", "2025-01-01 00:00:50", 1, 1]
-- ["2025-01-01 00:00:20", "2025-01-01 00:00:50", 2, 2]
-- ["2025-01-01 00:00:30", "2025-01-01 00:01:00", 2, 1]
-- ["2025-01-01 00:01:10", "2025-01-01 00:01:40", 1, 1]
-- ["2025-01-01 00:01:20", "2025-01-01 00:01:50", 1, 1]
-- ["2025-01-01 00:01:30", "2025-01-01 00:02:00", 1, 1]

-- query window-of-windows
-- duckdb SELECT time_bucket(INTERVAL '30' SECOND, b), sum(n), count(*) FROM (SELECT time_bucket(INTERVAL '10' SECOND, ts) AS b, item, count(*) AS n FROM v GROUP BY ALL) GROUP BY 1
SELECT window_start, SUM(n) AS n, COUNT(*) AS parts
FROM TABLE(TUMBLE((
  SELECT window_time AS wt, item, COUNT(*) AS n
  FROM TABLE(TUMBLE(TABLE v, DESCRIPTOR(ts), INTERVAL '10' SECOND))
  GROUP BY window_start, window_end, window_time, item
), DESCRIPTOR(wt), INTERVAL '30' SECOND))
GROUP BY window_start, window_end;
-- expect
-- ["2025-01-01 00:00:00", 7, 6]
-- ["2025-01-01 00:00:30", 1, 1]
-- ["2025-01-01 00:01:30", 1, 1]

-- query having
-- duckdb same
SELECT window_start, item, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE v, DESCRIPTOR(ts), INTERVAL '30' SECOND))
GROUP BY window_start, window_end, item
HAVING COUNT(*) > 1;
-- expect
-- ["2025-01-01 00:00:00", 1, 3]
-- ["2025-01-01 00:00:00", 2, 3]

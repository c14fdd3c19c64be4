-- ROW_NUMBER() over a window, with ties, NULLs and fewer rows than places.
CREATE TABLE v (ts TIMESTAMP(3), item STRING, price INT, WATERMARK FOR ts AS ts - INTERVAL '30' SECOND);

-- input v
-- ["2025-01-01 00:00:01", "a", 5]
-- ["2025-01-01 00:00:02", "b", 7]
-- ["2025-01-01 00:00:03", "c", 7]
-- ["2025-01-01 00:00:04", "d", null]
-- ["2025-01-01 00:00:05", null, 9]
-- ["2025-01-01 00:00:06", "a", 5]
-- split 1
-- ["2025-01-01 00:00:11", "b", 1]
-- ["2025-01-01 00:00:07", "b", 2]
-- ["2025-01-01 00:00:31", "z", 1]

-- query top-of-rows
-- duckdb SELECT window_start, item, price, rn FROM (SELECT *, row_number() OVER (PARTITION BY window_start ORDER BY price DESC NULLS LAST, item ASC NULLS FIRST) AS rn FROM (SELECT *, time_bucket(INTERVAL '10' SECOND, ts) AS window_start FROM v)) WHERE rn <= 3
SELECT window_start, item, price, rn FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY price DESC, item ASC) AS rn
  FROM TABLE(TUMBLE(TABLE v, DESCRIPTOR(ts), INTERVAL '10' SECOND))
) WHERE rn <= 3;
-- expect
-- ["2025-01-01 00:00:00", "b", 7, 2]
-- ["2025-01-01 00:00:00", "c", 7, 3]
-- ["2025-01-01 00:00:00", null, 9, 1]
-- ["2025-01-01 00:00:10", "b", 1, 1]
-- ["2025-01-01 00:00:30", "z", 1, 1]

-- query top-of-counts
-- duckdb SELECT s, item, n, rn FROM (SELECT *, row_number() OVER (PARTITION BY s ORDER BY n DESC, item ASC NULLS FIRST) AS rn FROM (SELECT time_bucket(INTERVAL '10' SECOND, ts) AS s, item, count(*) AS n FROM v GROUP BY ALL)) WHERE rn <= 2
SELECT window_start, item, n, rn FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY n DESC, item ASC) AS rn
  FROM (
    SELECT window_start, window_end, item, COUNT(*) AS n
    FROM TABLE(TUMBLE(TABLE v, DESCRIPTOR(ts), INTERVAL '10' SECOND))
    GROUP BY window_start, window_end, item
  )
) WHERE rn <= 2;
-- expect
-- ["2025-01-01 00:00:00", "a", 2, 1]
-- ["2025-01-01 00:00:00", "b", 2, 2]
-- ["2025-01-01 00:00:10", "b", 1, 1]
-- ["2025-01-01 00:00:30", "z", 1, 1]

-- query partitioned-by-more-than-the-window
-- duckdb SELECT s, item, price FROM (SELECT *, row_number() OVER (PARTITION BY s, item ORDER BY ts DESC) AS rn FROM (SELECT *, time_bucket(INTERVAL '10' SECOND, ts) AS s FROM v)) WHERE rn = 1
SELECT window_start, item, price FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end, item ORDER BY ts DESC) AS rn
  FROM TABLE(TUMBLE(TABLE v, DESCRIPTOR(ts), INTERVAL '10' SECOND))
) WHERE rn = 1;
-- expect
-- ["2025-01-01 00:00:00", "a", 5]
-- ["2025-01-01 00:00:00", "b", 2]
-- ["2025-01-01 00:00:00", "c", 7]
-- ["2025-01-01 00:00:00", "d", null]
-- ["2025-01-01 00:00:00", null, 9]
-- ["2025-01-01 00:00:10", "b", 1]
-- ["2025-01-01 00:00:30", "z", 1]

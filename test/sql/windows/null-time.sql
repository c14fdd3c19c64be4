-- A row without event time belongs to no window: the job fails and says so.
CREATE TABLE t (ts TIMESTAMP(3), v INT, WATERMARK FOR ts AS ts);

-- input t
-- ["2025-01-01 00:00:00", 1]
-- [null, 2]

-- query window-over-null
SELECT window_start, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end;
-- error MR_WINDOW_NULL_TIME

-- query without-a-window
-- duckdb same
SELECT ts, v FROM t;
-- expect
-- ["2025-01-01 00:00:00", 1]
-- [null, 2]

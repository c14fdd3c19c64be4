-- Windows over TIMESTAMP_LTZ align in table.local-time-zone: days of 23 and 25 hours in Berlin.
CREATE TABLE c (ms BIGINT, k STRING, ts AS TO_TIMESTAMP_LTZ(ms, 3), WATERMARK FOR ts AS ts - INTERVAL '2' DAY);

-- 2025-03-29 23:30Z, 2025-03-30 00:30Z (01:30 CET), 01:30Z (03:30 CEST), 21:59Z (23:59 CEST), 22:00Z (the next day);
-- 2025-10-25 21:59Z, 22:00Z (00:00 CEST), 2025-10-26 00:30Z and 01:30Z (both 02:30), 22:59Z, 23:00Z (the next day).
-- input c
-- [1743291000000, "spring"]
-- [1743294600000, "spring"]
-- [1743298200000, "spring"]
-- [1743371940000, "spring"]
-- [1743372000000, "spring"]
-- [1761429540000, "autumn"]
-- [1761429600000, "autumn"]
-- [1761438600000, "autumn"]
-- [1761442200000, "autumn"]
-- [1761519540000, "autumn"]
-- [1761519600000, "autumn"]

-- query days-in-berlin
SET 'table.local-time-zone' = 'Europe/Berlin';
SELECT window_start, window_end, k, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE c, DESCRIPTOR(ts), INTERVAL '1' DAY)) GROUP BY window_start, window_end, k;
-- expect
-- ["2025-03-30 00:00:00", "2025-03-31 00:00:00", "spring", 4]
-- ["2025-03-31 00:00:00", "2025-04-01 00:00:00", "spring", 1]
-- ["2025-10-25 00:00:00", "2025-10-26 00:00:00", "autumn", 1]
-- ["2025-10-26 00:00:00", "2025-10-27 00:00:00", "autumn", 4]
-- ["2025-10-27 00:00:00", "2025-10-28 00:00:00", "autumn", 1]

-- query days-in-utc
-- duckdb SELECT date_trunc('day', epoch_ms(ms)), date_trunc('day', epoch_ms(ms)) + INTERVAL '1' DAY, k, count(*) FROM c GROUP BY ALL
SELECT window_start, window_end, k, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE c, DESCRIPTOR(ts), INTERVAL '1' DAY)) GROUP BY window_start, window_end, k;
-- expect
-- ["2025-03-29 00:00:00", "2025-03-30 00:00:00", "spring", 1]
-- ["2025-03-30 00:00:00", "2025-03-31 00:00:00", "spring", 4]
-- ["2025-10-25 00:00:00", "2025-10-26 00:00:00", "autumn", 2]
-- ["2025-10-26 00:00:00", "2025-10-27 00:00:00", "autumn", 4]

-- query hours-in-berlin
SET 'table.local-time-zone' = 'Europe/Berlin';
SELECT window_start, window_end, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE c, DESCRIPTOR(ts), INTERVAL '1' HOUR)) GROUP BY window_start, window_end;
-- expect
-- ["2025-03-30 00:00:00", "2025-03-30 01:00:00", 1]
-- ["2025-03-30 01:00:00", "2025-03-30 02:00:00", 1]
-- ["2025-03-30 03:00:00", "2025-03-30 04:00:00", 1]
-- ["2025-03-30 23:00:00", "2025-03-31 00:00:00", 1]
-- ["2025-03-31 00:00:00", "2025-03-31 01:00:00", 1]
-- ["2025-10-25 23:00:00", "2025-10-26 00:00:00", 1]
-- ["2025-10-26 00:00:00", "2025-10-26 01:00:00", 1]
-- ["2025-10-26 02:00:00", "2025-10-26 03:00:00", 2]
-- ["2025-10-26 23:00:00", "2025-10-27 00:00:00", 1]
-- ["2025-10-27 00:00:00", "2025-10-27 01:00:00", 1]

-- query half-hour-zone
SET 'table.local-time-zone' = 'Asia/Kolkata';
SELECT window_start, window_end, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE c, DESCRIPTOR(ts), INTERVAL '1' DAY)) GROUP BY window_start, window_end;
-- expect
-- ["2025-03-30 00:00:00", "2025-03-31 00:00:00", 3]
-- ["2025-03-31 00:00:00", "2025-04-01 00:00:00", 2]
-- ["2025-10-26 00:00:00", "2025-10-27 00:00:00", 4]
-- ["2025-10-27 00:00:00", "2025-10-28 00:00:00", 2]

-- query text-in-berlin
SET 'table.local-time-zone' = 'Europe/Berlin';
SELECT DATE_FORMAT(ts, 'yyyy-MM-dd HH:mm') AS f, CAST(ts AS TIMESTAMP(3)) AS t, EXTRACT(HOUR FROM ts) AS h FROM c WHERE k = 'autumn';
-- expect
-- ["2025-10-25 23:59", "2025-10-25 23:59:00", 23]
-- ["2025-10-26 00:00", "2025-10-26 00:00:00", 0]
-- ["2025-10-26 02:30", "2025-10-26 02:30:00", 2]
-- ["2025-10-26 02:30", "2025-10-26 02:30:00", 2]
-- ["2025-10-26 23:59", "2025-10-26 23:59:00", 23]
-- ["2025-10-27 00:00", "2025-10-27 00:00:00", 0]

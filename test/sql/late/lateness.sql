-- Late rows: dropped and counted, or within the allowed lateness an update of the window that has fired.
CREATE TABLE c (
  ts TIMESTAMP(3),
  k STRING,
  v INT,
  WATERMARK FOR ts AS ts - INTERVAL '1' HOUR
);
CREATE TABLE totals (
  s TIMESTAMP(3), k STRING, n BIGINT, total INT,
  PRIMARY KEY (s, k) NOT ENFORCED
) WITH ('sink.changelog-mode' = 'upsert');
CREATE TABLE appended (s TIMESTAMP(3), k STRING, n BIGINT, total INT) WITH ('sink.changelog-mode' = 'insert');

-- input c
-- ["2025-01-01 00:00:01", "a", 1]
-- ["2025-01-01 00:00:09", "b", 2]
-- ["2025-01-01 00:00:12", "a", 3]
-- watermark 2025-01-01 00:00:11
-- ["2025-01-01 00:00:02", "a", 10]
-- ["2025-01-01 00:00:03", "c", 20]
-- watermark 2025-01-01 00:00:14
-- ["2025-01-01 00:00:04", "a", 100]
-- watermark 2025-01-01 00:00:15
-- ["2025-01-01 00:00:05", "a", 1000]
-- ["2025-01-01 00:00:15", "a", 5]
-- watermark 2025-01-01 00:00:31
-- ["2025-01-01 00:00:16", "d", 7]

-- query no-lateness
-- Rows of a window whose end is not after the watermark are dropped.
SELECT window_start AS s, k, COUNT(*) AS n, SUM(v) AS total
FROM TABLE(TUMBLE(TABLE c, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, k;
-- changelog
-- +I ["2025-01-01 00:00:00", "a", 1, 1]
-- +I ["2025-01-01 00:00:00", "b", 1, 2]
-- +I ["2025-01-01 00:00:10", "a", 2, 8]
-- late 5

-- query tvf-with-allowed-lateness
SET 'table.exec.emit.allow-lateness' = '5 s';
INSERT INTO totals SELECT window_start, k, COUNT(*), SUM(v)
FROM TABLE(TUMBLE(TABLE c, DESCRIPTOR(ts), INTERVAL '10' SECOND))
WHERE k IS NOT NULL
GROUP BY window_start, window_end, k;
-- changelog totals
-- +I ["2025-01-01 00:00:00", "a", 1, 1]
-- +I ["2025-01-01 00:00:00", "b", 1, 2]
-- +U ["2025-01-01 00:00:00", "a", 2, 11]
-- +I ["2025-01-01 00:00:00", "c", 1, 20]
-- +U ["2025-01-01 00:00:00", "a", 3, 111]
-- +I ["2025-01-01 00:00:10", "a", 2, 8]
-- late 2

-- query legacy-with-allowed-lateness
SET 'table.exec.emit.allow-lateness' = '5 s';
INSERT INTO totals SELECT TUMBLE_START(ts, INTERVAL '10' SECOND), k, COUNT(*), SUM(v)
FROM c WHERE k IS NOT NULL
GROUP BY TUMBLE(ts, INTERVAL '10' SECOND), k;
-- changelog totals
-- +I ["2025-01-01 00:00:00", "a", 1, 1]
-- +I ["2025-01-01 00:00:00", "b", 1, 2]
-- +U ["2025-01-01 00:00:00", "a", 2, 11]
-- +I ["2025-01-01 00:00:00", "c", 1, 20]
-- +U ["2025-01-01 00:00:00", "a", 3, 111]
-- +I ["2025-01-01 00:00:10", "a", 2, 8]
-- late 2

-- query updates-into-an-append-sink-are-refused
SET 'table.exec.emit.allow-lateness' = '5 s';
INSERT INTO appended SELECT window_start, k, COUNT(*), SUM(v)
FROM TABLE(TUMBLE(TABLE c, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, k;
-- error MR_PLAN_APPEND_SINK

-- query hop-without-lateness
SELECT window_start AS s, COUNT(*) AS n, SUM(v) AS total
FROM TABLE(HOP(TABLE c, DESCRIPTOR(ts), INTERVAL '10' SECOND, INTERVAL '20' SECOND))
GROUP BY window_start, window_end;
-- changelog
-- +I ["2024-12-31 23:59:50", 2, 3]
-- +I ["2025-01-01 00:00:00", 8, 1141]
-- +I ["2025-01-01 00:00:10", 2, 8]
-- late 1

-- query hop-with-allowed-lateness
SET 'table.exec.emit.allow-lateness' = '5 s';
INSERT INTO totals SELECT window_start, k, COUNT(*), SUM(v)
FROM TABLE(HOP(TABLE c, DESCRIPTOR(ts), INTERVAL '10' SECOND, INTERVAL '20' SECOND))
WHERE k = 'a'
GROUP BY window_start, window_end, k;
-- changelog totals
-- +I ["2024-12-31 23:59:50", "a", 1, 1]
-- +U ["2024-12-31 23:59:50", "a", 2, 11]
-- +U ["2024-12-31 23:59:50", "a", 3, 111]
-- +I ["2025-01-01 00:00:00", "a", 6, 1119]
-- +I ["2025-01-01 00:00:10", "a", 2, 8]

-- query cumulate-with-allowed-lateness
SET 'table.exec.emit.allow-lateness' = '5 s';
SELECT window_end, COUNT(*) AS n, SUM(v) AS total
FROM TABLE(CUMULATE(TABLE c, DESCRIPTOR(ts), INTERVAL '10' SECOND, INTERVAL '30' SECOND))
GROUP BY window_start, window_end;
-- changelog
-- +I ["2025-01-01 00:00:10", 2, 3]
-- -U ["2025-01-01 00:00:10", 2, 3]
-- +U ["2025-01-01 00:00:10", 4, 33]
-- -U ["2025-01-01 00:00:10", 4, 33]
-- +U ["2025-01-01 00:00:10", 5, 133]
-- +I ["2025-01-01 00:00:20", 8, 1141]
-- +I ["2025-01-01 00:00:30", 8, 1141]
-- -U ["2025-01-01 00:00:30", 8, 1141]
-- +U ["2025-01-01 00:00:30", 9, 1148]

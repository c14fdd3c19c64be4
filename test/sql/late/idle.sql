-- A silent split holds the watermark back, until the idle timeout takes it out.
CREATE TABLE c (ts TIMESTAMP(3), k STRING, WATERMARK FOR ts AS ts);

-- input c
-- clock 2025-01-01 00:00:00
-- split 1
-- ["2025-01-01 00:00:00", "slow"]
-- split 0
-- ["2025-01-01 00:00:01", "a"]
-- ["2025-01-01 00:00:30", "a"]
-- ["2025-01-01 00:00:02", "behind"]
-- clock 2025-01-01 00:01:00
-- ["2025-01-01 00:00:31", "a"]
-- clock 2025-01-01 00:01:01
-- ["2025-01-01 00:00:03", "late when split 1 is idle"]
-- split 1
-- ["2025-01-01 00:01:00", "slow"]

-- query silent-split-holds-back
-- only plain tiny
SELECT window_start, k, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE c, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end, k;
-- expect
-- ["2025-01-01 00:00:00", "a", 1]
-- ["2025-01-01 00:00:00", "behind", 1]
-- ["2025-01-01 00:00:00", "late when split 1 is idle", 1]
-- ["2025-01-01 00:00:00", "slow", 1]
-- ["2025-01-01 00:00:30", "a", 2]
-- ["2025-01-01 00:01:00", "slow", 1]

-- query idle-split-does-not
-- only plain tiny
SET 'table.exec.source.idle-timeout' = '30 s';
SELECT window_start, k, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE c, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end, k;
-- expect
-- ["2025-01-01 00:00:00", "a", 1]
-- ["2025-01-01 00:00:00", "behind", 1]
-- ["2025-01-01 00:00:00", "slow", 1]
-- ["2025-01-01 00:00:30", "a", 2]
-- ["2025-01-01 00:01:00", "slow", 1]
-- late 1

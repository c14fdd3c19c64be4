-- Windows with a local phase: COUNT, MIN and exact sums; not DISTINCT, not sums of DOUBLE, and not with early firing.
SET 'parallelism.default' = '4';
SET 'table.optimizer.agg-phase-strategy' = 'TWO_PHASE';
CREATE TABLE clicks (
  ip STRING,
  size BIGINT,
  ratio DOUBLE,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'clicks', 'properties.bootstrap.servers' = 'b:9092', 'format' = 'json');
CREATE TABLE counts (s TIMESTAMP(3), ip STRING, cnt BIGINT, least BIGINT, mean BIGINT)
  WITH ('connector' = 'blackhole');
CREATE TABLE totals (s TIMESTAMP(3), cnt BIGINT) WITH ('connector' = 'blackhole');
CREATE TABLE ratios (s TIMESTAMP(3), ratio DOUBLE, ips BIGINT) WITH ('connector' = 'blackhole');
EXECUTE STATEMENT SET BEGIN
INSERT INTO counts
SELECT window_start, ip, COUNT(*), MIN(size), AVG(size)
FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, ip;
INSERT INTO totals
SELECT window_start, COUNT(*)
FROM TABLE(HOP(TABLE clicks, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '2' MINUTE)) GROUP BY window_start, window_end;
INSERT INTO ratios
SELECT window_start, SUM(ratio), COUNT(DISTINCT ip)
FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end;
END;

-- ip_count: how many requests each IP made in each 5 second window of an access log, exactly once.
--
-- Reads JSON lines like {"event_time":"2025-06-01 12:00:00.123","ip":"10.0.0.1","path":"/","status":200}
-- from topic ip_count_source and writes one row per IP and window to ip_count_sink when the window closes.
-- Readers of ip_count_sink must use isolation.level=read_committed.
--
--   millrace run sql-examples/ip_count.sql --param BOOTSTRAP=localhost:9092
--
-- The same file runs on Apache Flink (replace ${BOOTSTRAP} there).

SET 'pipeline.name' = 'ip_count';
SET 'execution.checkpointing.interval' = '5 s';
SET 'restart-strategy.type' = 'fixed-delay';
SET 'restart-strategy.fixed-delay.attempts' = '3';
SET 'restart-strategy.fixed-delay.delay' = '10 s';

CREATE TABLE ip_count_source (
  event_time TIMESTAMP(3),
  ip STRING,
  path STRING,
  status INT,
  WATERMARK FOR event_time AS event_time - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'ip_count_source',
  'properties.bootstrap.servers' = '${BOOTSTRAP}',
  'properties.group.id' = 'ip_count',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json'
);

CREATE TABLE ip_count_sink (
  window_start TIMESTAMP(3),
  window_end TIMESTAMP(3),
  ip STRING,
  request_count BIGINT
) WITH (
  'connector' = 'kafka',
  'topic' = 'ip_count_sink',
  'properties.bootstrap.servers' = '${BOOTSTRAP}',
  'properties.transaction.timeout.ms' = '60000',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = 'ip_count',
  'format' = 'json'
);

INSERT INTO ip_count_sink
SELECT window_start, window_end, ip, COUNT(*) AS request_count
FROM TABLE(TUMBLE(TABLE ip_count_source, DESCRIPTOR(event_time), INTERVAL '5' SECOND))
GROUP BY window_start, window_end, ip;

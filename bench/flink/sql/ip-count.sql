-- Requests per IP and 5 second window: one row out for five in.

SET 'pipeline.name' = 'ip-count';
SET 'execution.checkpointing.interval' = '5 s';

CREATE TABLE access_log (
  event_time TIMESTAMP(3),
  ip STRING,
  `path` STRING,
  status INT,
  WATERMARK FOR event_time AS event_time - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = '${SOURCE}',
  'properties.bootstrap.servers' = '${BOOTSTRAP}',
  'properties.group.id' = '${SINK}',
  'scan.startup.mode' = 'earliest-offset',
  'scan.bounded.mode' = 'latest-offset',
  'format' = 'json'
);

CREATE TABLE ip_count (
  window_start TIMESTAMP(3),
  window_end TIMESTAMP(3),
  ip STRING,
  request_count BIGINT
) WITH (
  'connector' = 'kafka',
  'topic' = '${SINK}',
  'properties.bootstrap.servers' = '${BOOTSTRAP}',
  'properties.transaction.timeout.ms' = '600000',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = '${SINK}',
  'format' = 'json'
);

INSERT INTO ip_count
SELECT window_start, window_end, ip, COUNT(*) AS request_count
FROM TABLE(TUMBLE(TABLE access_log, DESCRIPTOR(event_time), INTERVAL '5' SECOND))
GROUP BY window_start, window_end, ip;

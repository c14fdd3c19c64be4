-- etl_fanout: one topic into three, in one job: cleaned requests, errors, and a count per status and minute.
--
-- The statement set reads access_log once and commits all three topics in one transaction per checkpoint.
-- Input, topic access_log: {"event_time":"2025-06-01 12:00:00.123","ip":"10.0.0.1","path":"/a?b=c","status":200}
--
--   millrace run sql-examples/etl_fanout.sql --param BOOTSTRAP=localhost:9092

SET 'pipeline.name' = 'etl_fanout';
SET 'execution.checkpointing.interval' = '5 s';

CREATE TABLE access_log (
  event_time TIMESTAMP(3),
  ip STRING,
  path STRING,
  status INT,
  WATERMARK FOR event_time AS event_time - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'access_log',
  'properties.bootstrap.servers' = '${BOOTSTRAP}',
  'properties.group.id' = 'etl_fanout',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json'
);

CREATE TABLE requests (
  event_time TIMESTAMP(3),
  ip STRING,
  page STRING,
  status INT
) WITH (
  'connector' = 'kafka',
  'topic' = 'requests',
  'properties.bootstrap.servers' = '${BOOTSTRAP}',
  'properties.transaction.timeout.ms' = '60000',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = 'etl_fanout',
  'format' = 'json'
);

CREATE TABLE request_errors (
  event_time TIMESTAMP(3),
  path STRING,
  status INT
) WITH (
  'connector' = 'kafka',
  'topic' = 'request_errors',
  'properties.bootstrap.servers' = '${BOOTSTRAP}',
  'properties.transaction.timeout.ms' = '60000',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = 'etl_fanout',
  'format' = 'json'
);

CREATE TABLE status_per_minute (
  window_start TIMESTAMP(3),
  status INT,
  request_count BIGINT
) WITH (
  'connector' = 'kafka',
  'topic' = 'status_per_minute',
  'properties.bootstrap.servers' = '${BOOTSTRAP}',
  'properties.transaction.timeout.ms' = '60000',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = 'etl_fanout',
  'format' = 'json'
);

EXECUTE STATEMENT SET BEGIN

INSERT INTO requests
SELECT event_time, ip, LOWER(SPLIT_INDEX(path, '?', 0)), status FROM access_log WHERE ip IS NOT NULL;

INSERT INTO request_errors
SELECT event_time, path, status FROM access_log WHERE status >= 500;

INSERT INTO status_per_minute
SELECT window_start, status, COUNT(*)
FROM TABLE(TUMBLE(TABLE access_log, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, status;

END;

-- unique_visitors: how many different users visited today so far, growing through the day.
--
-- CUMULATE opens a window per day and reports it every ten minutes; COUNT(DISTINCT) counts each user once a day.
-- Input, topic page_visits: {"visit_time":"2025-06-01 12:00:00.123","user_id":"u42","page":"/"}
--
--   millrace run sql-examples/unique_visitors.sql --param BOOTSTRAP=localhost:9092

SET 'pipeline.name' = 'unique_visitors';
SET 'execution.checkpointing.interval' = '5 s';

CREATE TABLE page_visits (
  visit_time TIMESTAMP(3),
  user_id STRING,
  page STRING,
  WATERMARK FOR visit_time AS visit_time - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'page_visits',
  'properties.bootstrap.servers' = '${BOOTSTRAP}',
  'properties.group.id' = 'unique_visitors',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json'
);

CREATE TABLE unique_visitors (
  window_start TIMESTAMP(3),
  window_end TIMESTAMP(3),
  visitors BIGINT,
  visits BIGINT
) WITH (
  'connector' = 'kafka',
  'topic' = 'unique_visitors',
  'properties.bootstrap.servers' = '${BOOTSTRAP}',
  'properties.transaction.timeout.ms' = '60000',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = 'unique_visitors',
  'format' = 'json'
);

INSERT INTO unique_visitors
SELECT window_start, window_end, COUNT(DISTINCT user_id) AS visitors, COUNT(*) AS visits
FROM TABLE(CUMULATE(TABLE page_visits, DESCRIPTOR(visit_time), INTERVAL '10' MINUTE, INTERVAL '1' DAY))
GROUP BY window_start, window_end;

-- ip_count_late: ip_count with 5 seconds of allowed lateness.
--
-- A row that comes up to 5 s after its window has closed updates that window's count, so the result is an
-- updating one: the sink is upsert-kafka, keyed by window and IP. Fold the topic by key to get the counts.
-- Columns of a primary key are NOT NULL, so requests without an IP are left out.
-- Allowed lateness on window TVFs is an extension of Millrace: Apache Flink refuses it.
--
--   millrace run sql-examples/ip_count_late.sql --param BOOTSTRAP=localhost:9092

SET 'pipeline.name' = 'ip_count_late';
SET 'execution.checkpointing.interval' = '5 s';
SET 'table.exec.emit.allow-lateness' = '5 s';

CREATE TABLE ip_count_source (
  event_time TIMESTAMP(3),
  ip STRING,
  WATERMARK FOR event_time AS event_time - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'ip_count_source',
  'properties.bootstrap.servers' = '${BOOTSTRAP}',
  'properties.group.id' = 'ip_count_late',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json'
);

CREATE TABLE ip_count_late_sink (
  window_start TIMESTAMP(3),
  window_end TIMESTAMP(3),
  ip STRING,
  request_count BIGINT,
  PRIMARY KEY (window_start, window_end, ip) NOT ENFORCED
) WITH (
  'connector' = 'upsert-kafka',
  'topic' = 'ip_count_late_sink',
  'properties.bootstrap.servers' = '${BOOTSTRAP}',
  'properties.transaction.timeout.ms' = '60000',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = 'ip_count_late',
  'key.format' = 'json',
  'value.format' = 'json'
);

INSERT INTO ip_count_late_sink
SELECT window_start, window_end, ip, COUNT(*) AS request_count
FROM TABLE(TUMBLE(TABLE ip_count_source, DESCRIPTOR(event_time), INTERVAL '5' SECOND))
WHERE ip IS NOT NULL
GROUP BY window_start, window_end, ip;

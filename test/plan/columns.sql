-- Computed and metadata columns are read only when used; the hint's options win; metadata is written.
CREATE TABLE clicks (
  ip STRING,
  user_id BIGINT,
  url STRING,
  price DECIMAL(10, 2),
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'clicks', 'format' = 'json', 'properties.sasl.jaas.config' = 'hidden');

CREATE TABLE events (
  id BIGINT,
  kind STRING,
  millis BIGINT,
  doubled AS id * 2,
  stamp TIMESTAMP_LTZ(3) METADATA FROM 'timestamp',
  part INT METADATA FROM 'partition' VIRTUAL,
  WATERMARK FOR stamp AS stamp - INTERVAL '1' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'events', 'format' = 'json', 'scan.watermark.idle-timeout' = '1 min');
CREATE TABLE out_events (id BIGINT, stamp TIMESTAMP_LTZ(3) METADATA FROM 'timestamp', note STRING)
  WITH ('connector' = 'kafka', 'topic' = 'o', 'format' = 'json');
INSERT INTO out_events (stamp, id)
SELECT stamp, doubled FROM events /*+ OPTIONS('scan.watermark.emit.strategy' = 'on-event') */ WHERE part = 0;
INSERT INTO out_events (stamp, id)
SELECT window_time, COUNT(*)
FROM TABLE(TUMBLE((SELECT stamp FROM events /*+ OPTIONS('scan.watermark.emit.strategy' = 'on-event') */), DESCRIPTOR(stamp), INTERVAL '1' HOUR))
GROUP BY window_start, window_end, window_time;
SELECT * FROM events;

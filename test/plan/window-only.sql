-- A window function without an aggregate, and an aggregate that reads the bounds (attached).
CREATE TABLE clicks (
  ip STRING,
  user_id BIGINT,
  url STRING,
  price DECIMAL(10, 2),
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'clicks', 'format' = 'json', 'properties.sasl.jaas.config' = 'hidden');

CREATE TABLE marked (s TIMESTAMP(3), ip STRING) WITH ('connector' = 'kafka', 'topic' = 'o', 'format' = 'json');
CREATE TABLE spans (ip STRING, first_start TIMESTAMP(3)) WITH ('connector' = 'kafka', 'topic' = 'o', 'format' = 'json');
INSERT INTO marked SELECT window_start, ip FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '5' SECOND));
INSERT INTO spans SELECT ip, MIN(window_start) FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, ip;

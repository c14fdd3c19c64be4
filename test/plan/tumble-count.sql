-- A tumbling window: one scan of two columns, the aggregate assigns windows itself.
CREATE TABLE clicks (
  ip STRING,
  user_id BIGINT,
  url STRING,
  price DECIMAL(10, 2),
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'clicks', 'format' = 'json', 'properties.sasl.jaas.config' = 'hidden');

CREATE TABLE per_ip (window_start TIMESTAMP(3), window_end TIMESTAMP(3), ip STRING, cnt BIGINT)
  WITH ('connector' = 'kafka', 'topic' = 'o', 'format' = 'json');
INSERT INTO per_ip
SELECT window_start, window_end, ip, COUNT(*)
FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
WHERE user_id > 5 AND url <> ''
GROUP BY window_start, window_end, ip;

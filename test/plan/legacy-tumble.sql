-- GROUP BY TUMBLE(…) and its auxiliaries plan like the window table function.
CREATE TABLE clicks (
  ip STRING,
  user_id BIGINT,
  url STRING,
  price DECIMAL(10, 2),
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'clicks', 'format' = 'json', 'properties.sasl.jaas.config' = 'hidden');

CREATE TABLE per_ip (s TIMESTAMP(3), e TIMESTAMP(3), r TIMESTAMP(3), ip STRING, cnt BIGINT)
  WITH ('connector' = 'kafka', 'topic' = 'o', 'format' = 'json');
INSERT INTO per_ip
SELECT TUMBLE_START(ts, INTERVAL '1' MINUTE), TUMBLE_END(ts, INTERVAL '1' MINUTE),
  TUMBLE_ROWTIME(ts, INTERVAL '1' MINUTE), ip, COUNT(*)
FROM clicks
GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE), ip;

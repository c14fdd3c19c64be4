-- A hopping window by name, with HAVING, FILTER, DISTINCT and window_time.
CREATE TABLE clicks (
  ip STRING,
  user_id BIGINT,
  url STRING,
  price DECIMAL(10, 2),
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'clicks', 'format' = 'json', 'properties.sasl.jaas.config' = 'hidden');

CREATE TABLE per_ip (wt TIMESTAMP(3), ip STRING, users BIGINT, paid BIGINT, total DECIMAL(38, 2))
  WITH ('connector' = 'kafka', 'topic' = 'o', 'format' = 'json');
SET 'parallelism.default' = '4';
INSERT INTO per_ip
SELECT window_time, ip, COUNT(DISTINCT user_id), COUNT(*) FILTER (WHERE price > 0), SUM(price)
FROM TABLE(HOP(DATA => TABLE clicks, TIMECOL => DESCRIPTOR(ts), SLIDE => INTERVAL '10' SECOND, SIZE => INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, window_time, ip
HAVING COUNT(*) > 3;

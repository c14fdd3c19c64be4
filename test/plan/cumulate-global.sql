-- A cumulating window without keys runs in one subtask.
CREATE TABLE clicks (
  ip STRING,
  user_id BIGINT,
  url STRING,
  price DECIMAL(10, 2),
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'clicks', 'format' = 'json', 'properties.sasl.jaas.config' = 'hidden');

CREATE TABLE totals (day_start TIMESTAMP(3), until TIMESTAMP(3), total DECIMAL(38, 2))
  WITH ('connector' = 'kafka', 'topic' = 'o', 'format' = 'json');
SET 'parallelism.default' = '4';
INSERT INTO totals
SELECT window_start, window_end, SUM(price)
FROM TABLE(CUMULATE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '1' HOUR, INTERVAL '1' DAY))
GROUP BY window_start, window_end;

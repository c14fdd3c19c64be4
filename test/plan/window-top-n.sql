-- The three best of each window, twice: by a subquery and by QUALIFY.
CREATE TABLE clicks (
  ip STRING,
  user_id BIGINT,
  url STRING,
  price DECIMAL(10, 2),
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'clicks', 'format' = 'json', 'properties.sasl.jaas.config' = 'hidden');

CREATE TABLE best (s TIMESTAMP(3), ip STRING, cnt BIGINT, rn BIGINT) WITH ('connector' = 'kafka', 'topic' = 'o', 'format' = 'json');
SET 'parallelism.default' = '2';
INSERT INTO best
SELECT window_start, ip, cnt, rownum FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY cnt DESC, ip) AS rownum
  FROM (
    SELECT window_start, window_end, ip, COUNT(*) AS cnt
    FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
    GROUP BY window_start, window_end, ip
  )
) WHERE rownum <= 3 AND cnt > 1;
INSERT INTO best
SELECT window_start, ip, COUNT(*), CAST(1 AS BIGINT)
FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, ip
QUALIFY ROW_NUMBER() OVER (PARTITION BY window_start, window_end, ip ORDER BY COUNT(*) DESC) = 1;

-- WITH, CASE, IN and BETWEEN, through two projections merged into the scan.
CREATE TABLE clicks (
  ip STRING,
  user_id BIGINT,
  url STRING,
  price DECIMAL(10, 2),
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'clicks', 'format' = 'json', 'properties.sasl.jaas.config' = 'hidden');

WITH priced AS (
  SELECT ip, price, CASE WHEN price BETWEEN 0 AND 10 THEN 'cheap' WHEN price > 10 THEN 'dear' END AS class FROM clicks
), cheap (address, class) AS (SELECT ip, class FROM priced WHERE class IN ('cheap', 'free'))
SELECT address, class FROM cheap WHERE address IS NOT NULL;

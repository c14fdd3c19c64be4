-- Branches of one table read it once; filters go into each branch.
CREATE TABLE clicks (
  ip STRING,
  user_id BIGINT,
  url STRING,
  price DECIMAL(10, 2),
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'clicks', 'format' = 'json', 'properties.sasl.jaas.config' = 'hidden');

CREATE TABLE marks (kind STRING, ip STRING, at_ms BIGINT) WITH ('connector' = 'kafka', 'topic' = 'o', 'format' = 'json');
INSERT INTO marks
SELECT kind, ip, n FROM (
  SELECT 'big' AS kind, ip, user_id AS n FROM clicks WHERE price > 100
  UNION ALL
  SELECT 'small', ip, 1 FROM clicks WHERE price < 1
) WHERE ip <> '';

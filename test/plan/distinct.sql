-- SELECT DISTINCT keeps keys only and inserts only.
CREATE TABLE clicks (
  ip STRING,
  user_id BIGINT,
  url STRING,
  price DECIMAL(10, 2),
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'clicks', 'format' = 'json', 'properties.sasl.jaas.config' = 'hidden');

CREATE TABLE ips (ip STRING) WITH ('connector' = 'kafka', 'topic' = 'o', 'format' = 'json');
INSERT INTO ips SELECT DISTINCT ip FROM clicks;

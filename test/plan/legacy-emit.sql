-- Early firing and lateness make a legacy window update; the upsert sink is keyed by its primary key.
CREATE TABLE clicks (
  ip STRING,
  user_id BIGINT,
  url STRING,
  price DECIMAL(10, 2),
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'clicks', 'format' = 'json', 'properties.sasl.jaas.config' = 'hidden');

CREATE TABLE per_ip (s TIMESTAMP(3), ip STRING, cnt BIGINT, PRIMARY KEY (ip, s) NOT ENFORCED)
  WITH ('connector' = 'upsert-kafka', 'topic' = 'o', 'key.format' = 'json', 'value.format' = 'json');
SET 'table.exec.emit.early-fire.enabled' = 'true';
SET 'table.exec.emit.early-fire.delay' = '10 s';
SET 'table.exec.emit.allow-lateness' = '1 h';
INSERT INTO per_ip
SELECT HOP_START(ts, INTERVAL '30' SECOND, INTERVAL '1' MINUTE), ip, COUNT(*)
FROM clicks
GROUP BY HOP(ts, INTERVAL '30' SECOND, INTERVAL '1' MINUTE), ip;

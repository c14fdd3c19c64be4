-- An unbounded aggregate updates; an upsert sink needs no -U.
CREATE TABLE clicks (
  ip STRING,
  user_id BIGINT,
  url STRING,
  price DECIMAL(10, 2),
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'clicks', 'format' = 'json', 'properties.sasl.jaas.config' = 'hidden');

CREATE TABLE per_ip (ip STRING, cnt BIGINT, top DECIMAL(10, 2), PRIMARY KEY (ip) NOT ENFORCED)
  WITH ('connector' = 'upsert-kafka', 'topic' = 'o', 'key.format' = 'json', 'value.format' = 'json');
CREATE TABLE histogram (cnt BIGINT, ips BIGINT, PRIMARY KEY (cnt) NOT ENFORCED)
  WITH ('connector' = 'upsert-kafka', 'topic' = 'h', 'key.format' = 'json', 'value.format' = 'json');
SET 'table.exec.state.ttl' = '1 d';
SET 'parallelism.default' = '2';
INSERT INTO per_ip SELECT ip, COUNT(*), MAX(price) FROM clicks GROUP BY ip HAVING COUNT(*) > 1;
INSERT INTO histogram SELECT cnt, COUNT(*) FROM (SELECT ip, COUNT(*) AS cnt FROM clicks GROUP BY ip) GROUP BY cnt;

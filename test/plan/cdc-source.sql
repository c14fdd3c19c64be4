-- A changelog source makes aggregates retract.
CREATE TABLE clicks (
  ip STRING,
  user_id BIGINT,
  url STRING,
  price DECIMAL(10, 2),
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'clicks', 'format' = 'json', 'properties.sasl.jaas.config' = 'hidden');

CREATE TABLE orders (id BIGINT, city STRING, amount INT) WITH ('connector' = 'kafka', 'topic' = 'u', 'format' = 'debezium-json');
CREATE TABLE cities (city STRING, n BIGINT, PRIMARY KEY (city) NOT ENFORCED)
  WITH ('connector' = 'upsert-kafka', 'topic' = 'c', 'key.format' = 'json', 'value.format' = 'json');
INSERT INTO cities SELECT city, SUM(amount) FROM orders WHERE amount > 0 GROUP BY city;
SELECT COUNT(*) FROM orders;

-- Two INSERTs of a statement set share the scan; each has its own Calc.
CREATE TABLE clicks (
  ip STRING,
  user_id BIGINT,
  url STRING,
  price DECIMAL(10, 2),
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'clicks', 'format' = 'json', 'properties.sasl.jaas.config' = 'hidden');

CREATE TABLE per_ip (s TIMESTAMP(3), ip STRING, cnt BIGINT) WITH ('connector' = 'kafka', 'topic' = 'o', 'format' = 'json');
CREATE TABLE expensive (url STRING, price DECIMAL(10, 2)) WITH ('connector' = 'kafka', 'topic' = 'e', 'format' = 'json');
EXECUTE STATEMENT SET
BEGIN
INSERT INTO per_ip
SELECT window_start, ip, COUNT(*)
FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
WHERE user_id > 5
GROUP BY window_start, window_end, ip;
INSERT INTO expensive SELECT url, price FROM clicks WHERE price > 100;
END;

-- VALUES and SELECT without FROM are constant rows, cast to the sink's types.
CREATE TABLE clicks (
  ip STRING,
  user_id BIGINT,
  url STRING,
  price DECIMAL(10, 2),
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'clicks', 'format' = 'json', 'properties.sasl.jaas.config' = 'hidden');

CREATE TABLE t (a BIGINT, b DECIMAL(10, 2), c STRING) WITH ('connector' = 'print');
INSERT INTO t VALUES (1, 2.5, 'x'), (2, 3, NULL);
INSERT INTO t (c, a) SELECT 'only', 40 + 2;

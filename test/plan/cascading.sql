-- A larger window over the window_time of a smaller one, and the same bounds grouped again.
CREATE TABLE clicks (
  ip STRING,
  user_id BIGINT,
  url STRING,
  price DECIMAL(10, 2),
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'clicks', 'format' = 'json', 'properties.sasl.jaas.config' = 'hidden');

CREATE TABLE hourly (s TIMESTAMP(3), cnt BIGINT) WITH ('connector' = 'kafka', 'topic' = 'o', 'format' = 'json');
CREATE VIEW minutes AS
SELECT window_start AS s, window_end AS e, window_time AS rowtime, ip, COUNT(*) AS cnt
FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, window_time, ip;
INSERT INTO hourly
SELECT window_start, SUM(cnt)
FROM TABLE(TUMBLE(TABLE minutes, DESCRIPTOR(rowtime), INTERVAL '1' HOUR))
GROUP BY window_start, window_end;
INSERT INTO hourly SELECT s, SUM(cnt) FROM minutes GROUP BY s, e;

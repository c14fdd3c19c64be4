-- Windows over processing time need no column and no watermark.
CREATE TABLE clicks (ip STRING, price INT, proc AS PROCTIME())
  WITH ('connector' = 'kafka', 'topic' = 'clicks', 'format' = 'json');
CREATE TABLE per_ip (s TIMESTAMP(3), ip STRING, total INT) WITH ('connector' = 'kafka', 'topic' = 'o', 'format' = 'json');
INSERT INTO per_ip
SELECT window_start, ip, SUM(price)
FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(proc), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, ip;
INSERT INTO per_ip
SELECT HOP_START(proc, INTERVAL '5' SECOND, INTERVAL '1' MINUTE), ip, SUM(price)
FROM clicks
GROUP BY ip, HOP(proc, INTERVAL '5' SECOND, INTERVAL '1' MINUTE);

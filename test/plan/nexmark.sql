-- The Nexmark queries that need neither joins nor sessions, over Flink's one table of three nested rows.
CREATE TABLE nexmark (
  event_type INT,
  person ROW<id BIGINT, name VARCHAR, `dateTime` TIMESTAMP(3)>,
  auction ROW<id BIGINT, seller BIGINT, `dateTime` TIMESTAMP(3)>,
  bid ROW<auction BIGINT, bidder BIGINT, price BIGINT, channel VARCHAR, url VARCHAR, `dateTime` TIMESTAMP(3), extra VARCHAR>,
  `dateTime` AS CASE WHEN event_type = 0 THEN person.`dateTime` WHEN event_type = 1 THEN auction.`dateTime` ELSE bid.`dateTime` END,
  WATERMARK FOR `dateTime` AS `dateTime` - INTERVAL '4' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'nexmark', 'format' = 'json');
CREATE VIEW bid AS
SELECT bid.auction, bid.bidder, bid.price, bid.channel, bid.url, `dateTime`, bid.extra FROM nexmark WHERE event_type = 2;
-- q0
SELECT auction, bidder, price, `dateTime`, extra FROM bid;
-- q1
SELECT auction, bidder, 0.908 * price AS price, `dateTime` FROM bid;
-- q2
SELECT auction, price FROM bid WHERE MOD(auction, 123) = 0;
-- the window part of q5
SELECT auction, count(*) AS num, window_start AS starttime, window_end AS endtime
FROM TABLE(HOP(TABLE bid, DESCRIPTOR(`dateTime`), INTERVAL '2' SECOND, INTERVAL '10' SECOND))
GROUP BY auction, window_start, window_end;
-- the window part of q7
SELECT MAX(price) AS maxprice, window_end AS `dateTime`
FROM TABLE(TUMBLE(TABLE bid, DESCRIPTOR(`dateTime`), INTERVAL '10' SECOND)) GROUP BY window_start, window_end;
-- q12
CREATE TEMPORARY VIEW B AS SELECT *, PROCTIME() AS p_time FROM bid;
SELECT bidder, count(*), window_start, window_end
FROM TABLE(TUMBLE(TABLE B, DESCRIPTOR(p_time), INTERVAL '10' SECOND)) GROUP BY bidder, window_start, window_end;
-- q14 without its user function
SELECT auction, CASE WHEN HOUR(`dateTime`) >= 8 AND HOUR(`dateTime`) <= 18 THEN 'dayTime'
  WHEN HOUR(`dateTime`) <= 6 OR HOUR(`dateTime`) >= 20 THEN 'nightTime' ELSE 'otherTime' END AS bidTimeType
FROM bid WHERE 0.908 * price > 1000000 AND 0.908 * price < 50000000;
-- q15, shortened
SELECT DATE_FORMAT(`dateTime`, 'yyyy-MM-dd') AS `day`, count(*) AS total_bids,
  count(*) FILTER (WHERE price < 10000) AS rank1, count(DISTINCT bidder) FILTER (WHERE price >= 10000)
FROM bid GROUP BY DATE_FORMAT(`dateTime`, 'yyyy-MM-dd');
-- q21
SELECT auction, CASE WHEN lower(channel) = 'apple' THEN '0' ELSE REGEXP_EXTRACT(url, '(&|^)channel_id=([^&]*)', 2) END AS channel_id
FROM bid WHERE REGEXP_EXTRACT(url, '(&|^)channel_id=([^&]*)', 2) IS NOT NULL OR lower(channel) IN ('apple', 'google');
-- q22
SELECT auction, SPLIT_INDEX(url, '/', 3) AS dir1 FROM bid;

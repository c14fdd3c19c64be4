/** The Nexmark queries in the forms Flink's suite uses, in our own words (reference/nexmark.md). */
export const nexmark: readonly (readonly [name: string, sql: string])[] = [
  [
    'source',
    `CREATE TABLE nexmark (
       event_type INT,
       person ROW<id BIGINT, name VARCHAR, emailAddress VARCHAR, creditCard VARCHAR, city VARCHAR, state VARCHAR,
         \`dateTime\` TIMESTAMP(3), extra VARCHAR>,
       auction ROW<id BIGINT, itemName VARCHAR, initialBid BIGINT, reserve BIGINT, \`dateTime\` TIMESTAMP(3),
         expires TIMESTAMP(3), seller BIGINT, category BIGINT>,
       bid ROW<auction BIGINT, bidder BIGINT, price BIGINT, channel VARCHAR, url VARCHAR, \`dateTime\` TIMESTAMP(3)>,
       \`dateTime\` AS CASE WHEN event_type = 0 THEN person.\`dateTime\` WHEN event_type = 1 THEN auction.\`dateTime\`
         ELSE bid.\`dateTime\` END,
       WATERMARK FOR \`dateTime\` AS \`dateTime\` - INTERVAL '4' SECOND
     ) WITH ('connector' = 'kafka', 'format' = 'json', 'scan.startup.mode' = 'earliest-offset');
     CREATE VIEW bid AS SELECT bid.auction, bid.bidder, bid.price, \`dateTime\` FROM nexmark WHERE event_type = 2`,
  ],
  ['q0', 'INSERT INTO q0 SELECT auction, bidder, price, `dateTime`, extra FROM bid'],
  ['q1', 'INSERT INTO q1 SELECT auction, bidder, 0.908 * price AS price, `dateTime` FROM bid'],
  ['q2', 'INSERT INTO q2 SELECT auction, price FROM bid WHERE MOD(auction, 123) = 0'],
  [
    'q3',
    `INSERT INTO q3 SELECT P.name, P.city, P.state, A.id FROM auction AS A INNER JOIN person AS P ON A.seller = P.id
     WHERE A.category = 10 AND (P.state = 'OR' OR P.state = 'ID' OR P.state = 'CA')`,
  ],
  [
    'q4',
    `INSERT INTO q4 SELECT Q.category, AVG(Q.final) FROM (
       SELECT MAX(B.price) AS final, A.category FROM auction A, bid B
       WHERE A.id = B.auction AND B.\`dateTime\` BETWEEN A.\`dateTime\` AND A.expires GROUP BY A.id, A.category
     ) Q GROUP BY Q.category`,
  ],
  [
    'q5',
    `INSERT INTO q5 SELECT AuctionBids.auction, AuctionBids.num FROM (
       SELECT auction, count(*) AS num, window_start AS starttime, window_end AS endtime
       FROM TABLE(HOP(TABLE bid, DESCRIPTOR(\`dateTime\`), INTERVAL '2' SECOND, INTERVAL '10' SECOND))
       GROUP BY auction, window_start, window_end
     ) AS AuctionBids JOIN (
       SELECT max(CountBids.num) AS maxn, CountBids.starttime, CountBids.endtime FROM (
         SELECT count(*) AS num, window_start AS starttime, window_end AS endtime
         FROM TABLE(HOP(TABLE bid, DESCRIPTOR(\`dateTime\`), INTERVAL '2' SECOND, INTERVAL '10' SECOND))
         GROUP BY auction, window_start, window_end
       ) AS CountBids GROUP BY CountBids.starttime, CountBids.endtime
     ) AS MaxBids ON AuctionBids.starttime = MaxBids.starttime AND AuctionBids.endtime = MaxBids.endtime
       AND AuctionBids.num >= MaxBids.maxn`,
  ],
  [
    'q7',
    `INSERT INTO q7 SELECT B.auction, B.price, B.bidder FROM bid B JOIN (
       SELECT MAX(price) AS maxprice, window_end AS \`dateTime\`
       FROM TABLE(TUMBLE(TABLE bid, DESCRIPTOR(\`dateTime\`), INTERVAL '10' SECOND)) GROUP BY window_start, window_end
     ) B1 ON B.price = B1.maxprice
     WHERE B.\`dateTime\` BETWEEN B1.\`dateTime\` - INTERVAL '10' SECOND AND B1.\`dateTime\``,
  ],
  [
    'q9',
    `INSERT INTO q9 SELECT id, bidder, price FROM (
       SELECT A.*, B.auction, B.bidder, B.price, ROW_NUMBER() OVER (PARTITION BY A.id
         ORDER BY B.price DESC, B.\`dateTime\` ASC) AS rownum
       FROM auction A, bid B WHERE A.id = B.auction AND B.\`dateTime\` BETWEEN A.\`dateTime\` AND A.expires
     ) WHERE rownum <= 1`,
  ],
  [
    'q11',
    `INSERT INTO q11 SELECT B.bidder, count(*) AS bid_count, SESSION_START(B.\`dateTime\`, INTERVAL '10' SECOND),
       SESSION_END(B.\`dateTime\`, INTERVAL '10' SECOND)
     FROM bid B GROUP BY B.bidder, SESSION(B.\`dateTime\`, INTERVAL '10' SECOND)`,
  ],
  [
    'q12',
    `CREATE TEMPORARY VIEW B AS SELECT *, PROCTIME() AS p_time FROM bid;
     INSERT INTO q12 SELECT bidder, count(*), window_start, window_end
     FROM TABLE(TUMBLE(TABLE B, DESCRIPTOR(p_time), INTERVAL '10' SECOND)) GROUP BY bidder, window_start, window_end`,
  ],
  [
    'q13',
    `INSERT INTO q13 SELECT B.auction, S.\`value\` FROM (SELECT *, PROCTIME() AS p_time FROM bid) B
     JOIN side_input FOR SYSTEM_TIME AS OF B.p_time AS S ON mod(B.auction, 10000) = S.key`,
  ],
  [
    'q14',
    `INSERT INTO q14 SELECT auction, CASE WHEN HOUR(\`dateTime\`) >= 8 AND HOUR(\`dateTime\`) <= 18 THEN 'dayTime'
       WHEN HOUR(\`dateTime\`) <= 6 OR HOUR(\`dateTime\`) >= 20 THEN 'nightTime' ELSE 'otherTime' END AS bidTimeType,
       count_char(extra, 'c') FROM bid WHERE 0.908 * price > 1000000 AND 0.908 * price < 50000000`,
  ],
  [
    'q15',
    `INSERT INTO q15 SELECT DATE_FORMAT(\`dateTime\`, 'yyyy-MM-dd') AS \`day\`, count(*) AS total_bids,
       count(*) FILTER (WHERE price < 10000) AS rank1, count(DISTINCT bidder) FILTER (WHERE price >= 10000)
     FROM bid GROUP BY DATE_FORMAT(\`dateTime\`, 'yyyy-MM-dd')`,
  ],
  [
    'q19',
    `INSERT INTO q19 SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY auction ORDER BY price DESC)
       AS rank_number FROM bid) WHERE rank_number <= 10`,
  ],
  [
    'q21',
    `INSERT INTO q21 SELECT auction, CASE WHEN lower(channel) = 'apple' THEN '0'
       ELSE REGEXP_EXTRACT(url, '(&|^)channel_id=([^&]*)', 2) END AS channel_id
     FROM bid WHERE REGEXP_EXTRACT(url, '(&|^)channel_id=([^&]*)', 2) IS NOT NULL
       OR lower(channel) IN ('apple', 'google')`,
  ],
  ['q22', "INSERT INTO q22 SELECT auction, SPLIT_INDEX(url, '/', 3) AS dir1 FROM bid"],
  [
    'cep q0',
    `INSERT INTO c0 SELECT * FROM bid MATCH_RECOGNIZE (PARTITION BY auction, bidder ORDER BY \`dateTime\`
       MEASURES START_ROW.price AS first_price, LAST(DOWN.price, 1) AS before, UP.price AS up
       ONE ROW PER MATCH AFTER MATCH SKIP TO LAST UP PATTERN (START_ROW DOWN+ UP)
       DEFINE DOWN AS (LAST(DOWN.price, 1) IS NULL AND DOWN.price < START_ROW.price) OR DOWN.price < LAST(DOWN.price, 1),
         UP AS UP.price > LAST(DOWN.price, 1)) AS T`,
  ],
  [
    'cep q3',
    `INSERT INTO c3 SELECT T.aid, T.bid FROM bid MATCH_RECOGNIZE (PARTITION BY bidder ORDER BY \`dateTime\`
       MEASURES A.auction AS aid, C.auction AS bid ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW
       PATTERN (A B* C) WITHIN INTERVAL '5' SECOND DEFINE A AS A.price > 100, C AS C.price < 10) T`,
  ],
]

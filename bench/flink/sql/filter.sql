-- Nexmark's query 2: one bid in 123 passes.

SET 'pipeline.name' = 'filter';
SET 'execution.checkpointing.interval' = '5 s';

CREATE TABLE bid (
  auction BIGINT,
  bidder BIGINT,
  price BIGINT,
  channel STRING,
  url STRING,
  date_time TIMESTAMP(3),
  extra STRING
) WITH (
  'connector' = 'kafka',
  'topic' = '${SOURCE}',
  'properties.bootstrap.servers' = '${BOOTSTRAP}',
  'properties.group.id' = '${SINK}',
  'scan.startup.mode' = 'earliest-offset',
  'scan.bounded.mode' = 'latest-offset',
  'format' = 'json'
);

CREATE TABLE chosen (
  auction BIGINT,
  price BIGINT
) WITH (
  'connector' = 'kafka',
  'topic' = '${SINK}',
  'properties.bootstrap.servers' = '${BOOTSTRAP}',
  'properties.transaction.timeout.ms' = '600000',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = '${SINK}',
  'format' = 'json'
);

INSERT INTO chosen
SELECT auction, price FROM bid WHERE MOD(auction, 123) = 0;

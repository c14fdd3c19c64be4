-- The job that `npm run prove` breaks: a window by key and a filter over one source, two exactly-once sinks on one
-- cluster in one transaction, one of them keyed.
SET 'pipeline.name' = 'prove';
SET 'execution.checkpointing.interval' = '${INTERVAL}';
SET 'execution.checkpointing.data-inline-threshold' = '0 b';
SET 'restart-strategy.type' = '${RESTART}';
SET 'restart-strategy.fixed-delay.attempts' = '10';
SET 'restart-strategy.fixed-delay.delay' = '100 ms';

CREATE TABLE payments (
  id BIGINT,
  account STRING,
  amount INT,
  paid_at TIMESTAMP(3),
  WATERMARK FOR paid_at AS paid_at - INTERVAL '1' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = '${SOURCE}',
  'properties.bootstrap.servers' = '${BOOTSTRAP}',
  'properties.group.id' = '${PREFIX}.lag',
  'properties.isolation.level' = 'read_committed',
  'scan.startup.mode' = '${STARTUP}',
  'format' = 'json'
);

CREATE TABLE totals (
  account STRING,
  window_start TIMESTAMP(3),
  window_end TIMESTAMP(3),
  num_payments BIGINT,
  total BIGINT
) WITH (
  'connector' = 'kafka',
  'topic' = '${TOTALS}',
  'properties.bootstrap.servers' = '${BOOTSTRAP}',
  'properties.transaction.timeout.ms' = '${TRANSACTION_TIMEOUT}',
  'properties.linger.ms' = '${LINGER}',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = '${PREFIX}',
  'key.format' = 'raw',
  'key.fields' = 'account',
  'format' = 'json'
);

CREATE TABLE large_payments (
  id BIGINT,
  account STRING,
  amount INT
) WITH (
  'connector' = 'kafka',
  'topic' = '${LARGE}',
  'properties.bootstrap.servers' = '${BOOTSTRAP}',
  'properties.transaction.timeout.ms' = '${TRANSACTION_TIMEOUT}',
  'properties.linger.ms' = '${LINGER}',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = '${PREFIX}',
  'format' = 'json'
);

EXECUTE STATEMENT SET
BEGIN
  INSERT INTO totals
  SELECT account, window_start, window_end, COUNT(*) AS num_payments, SUM(CAST(amount AS BIGINT)) AS total
  FROM TABLE(TUMBLE(TABLE payments, DESCRIPTOR(paid_at), INTERVAL '2' SECOND))
  GROUP BY account, window_start, window_end;

  INSERT INTO large_payments
  SELECT id, account, amount FROM payments WHERE amount >= 20;
END;

-- The job that `npm run soak` runs for an hour: windows per device, and counts of sessions that come and go, exactly
-- once. Sessions end; only table.exec.state.ttl keeps their state from growing.
SET 'pipeline.name' = 'soak';
SET 'execution.checkpointing.interval' = '2 s';
SET 'table.exec.state.ttl' = '${TTL}';

CREATE TABLE events (
  device STRING,
  session STRING,
  note STRING,
  amount INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = '${SOURCE}',
  'properties.bootstrap.servers' = '${BOOTSTRAP}',
  'properties.group.id' = '${PREFIX}',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json'
);

CREATE TABLE device_windows (
  window_start TIMESTAMP(3),
  device STRING,
  num BIGINT,
  total BIGINT
) WITH (
  'connector' = 'kafka',
  'topic' = '${WINDOWS}',
  'properties.bootstrap.servers' = '${BOOTSTRAP}',
  'properties.transaction.timeout.ms' = '120000',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = '${PREFIX}',
  'format' = 'json'
);

CREATE TABLE sessions (
  session STRING,
  num BIGINT,
  num_devices BIGINT,
  last_note STRING,
  PRIMARY KEY (session) NOT ENFORCED
) WITH (
  'connector' = 'upsert-kafka',
  'topic' = '${SESSIONS}',
  'properties.bootstrap.servers' = '${BOOTSTRAP}',
  'properties.transaction.timeout.ms' = '120000',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = '${PREFIX}',
  'key.format' = 'json',
  'value.format' = 'json'
);

EXECUTE STATEMENT SET
BEGIN
  INSERT INTO device_windows
  SELECT window_start, device, COUNT(*) AS num, SUM(CAST(amount AS BIGINT)) AS total
  FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '5' SECOND))
  GROUP BY window_start, window_end, device;

  INSERT INTO sessions
  SELECT session, COUNT(*), COUNT(DISTINCT device), MAX(note) FROM events GROUP BY session;
END;

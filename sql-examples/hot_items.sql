-- hot_items: the three items viewed most in the last minute, every ten seconds.
--
-- A sliding window counts views per item; ROW_NUMBER() over each window keeps the top three. Final rows only.
-- Input, topic item_views: {"view_time":"2025-06-01 12:00:00.123","item_id":42,"user_id":7}
--
--   millrace run sql-examples/hot_items.sql --param BOOTSTRAP=localhost:9092

SET 'pipeline.name' = 'hot_items';
SET 'execution.checkpointing.interval' = '5 s';

CREATE TABLE item_views (
  view_time TIMESTAMP(3),
  item_id BIGINT,
  user_id BIGINT,
  WATERMARK FOR view_time AS view_time - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'item_views',
  'properties.bootstrap.servers' = '${BOOTSTRAP}',
  'properties.group.id' = 'hot_items',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json'
);

CREATE TABLE hot_items (
  window_start TIMESTAMP(3),
  window_end TIMESTAMP(3),
  place BIGINT,
  item_id BIGINT,
  view_count BIGINT
) WITH (
  'connector' = 'kafka',
  'topic' = 'hot_items',
  'properties.bootstrap.servers' = '${BOOTSTRAP}',
  'properties.transaction.timeout.ms' = '60000',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = 'hot_items',
  'format' = 'json'
);

INSERT INTO hot_items
SELECT window_start, window_end, place, item_id, view_count
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY view_count DESC, item_id ASC) AS place
  FROM (
    SELECT window_start, window_end, item_id, COUNT(*) AS view_count
    FROM TABLE(HOP(TABLE item_views, DESCRIPTOR(view_time), INTERVAL '10' SECOND, INTERVAL '1' MINUTE))
    GROUP BY window_start, window_end, item_id
  )
)
WHERE place <= 3;

-- Views, computed and metadata columns, UNION ALL, VALUES, column lists, statement sets, NOT NULL.
CREATE TABLE t (
  id INT,
  price DECIMAL(10, 2),
  doubled AS price * 2,
  written TIMESTAMP_LTZ(3) METADATA FROM 'timestamp',
  `partition` INT METADATA VIRTUAL,
  label AS 'id ' || CAST(id AS STRING)
);
CREATE TABLE u (id INT, price DECIMAL(12, 3));
CREATE TABLE a (id INT, price DECIMAL(10, 2));
CREATE TABLE b (id BIGINT, note STRING, price DOUBLE);
CREATE TABLE strict (id INT NOT NULL, note STRING NOT NULL);
CREATE VIEW cheap AS SELECT id, doubled FROM t WHERE price < 10;
CREATE VIEW cheaper (k, d) AS SELECT id + 100, doubled FROM cheap WHERE doubled < 5;

-- input t
-- [1, "1.25", "2025-01-01 00:00:00Z", 0]
-- [2, "19.99", "2025-01-01 00:00:01Z", 1]
-- [3, null, null, 2]
-- [4, "9.00", "2025-01-01 00:00:02Z", 0]

-- input u
-- [1, "1.250"]
-- [10, "0.001"]

-- query computed-and-metadata
SELECT id, doubled, written, `partition`, label FROM t;
-- expect
-- [1, "2.50", "2025-01-01T00:00:00.000Z", 0, "id 1"]
-- [2, "39.98", "2025-01-01T00:00:01.000Z", 1, "id 2"]
-- [3, null, null, 2, "id 3"]
-- [4, "18.00", "2025-01-01T00:00:02.000Z", 0, "id 4"]

-- query view
SELECT * FROM cheap;
-- expect
-- [1, "2.50"]
-- [4, "18.00"]

-- query view-of-a-view
SELECT k, d FROM cheaper;
-- expect
-- [101, "2.50"]

-- query union-all-takes-the-wider-type
SELECT id, price FROM t UNION ALL SELECT id, price FROM u UNION ALL SELECT 7, 7;
-- expect
-- [1, "1.250"]
-- [1, "1.250"]
-- [10, "0.001"]
-- [2, "19.990"]
-- [3, null]
-- [4, "9.000"]
-- [7, "7.000"]

-- query values
-- duckdb SELECT * FROM (VALUES (1, 'a'), (2, NULL), (NULL, 'c')) AS x(n, s)
SELECT n, s FROM (VALUES (1, 'a'), (2, CAST(NULL AS STRING)), (CAST(NULL AS INT), 'c')) AS x (n, s);
-- expect
-- [1, "a"]
-- [2, null]
-- [null, "c"]

-- query insert-values-with-column-list
INSERT INTO b (note, id) VALUES ('first', 1), ('second', 2);
-- expect b
-- [1, "first", null]
-- [2, "second", null]

-- query insert-casts-implicitly
INSERT INTO b SELECT id, label, price FROM t WHERE price IS NOT NULL;
-- expect b
-- [1, "id 1", 1.25]
-- [2, "id 2", 19.99]
-- [4, "id 4", 9]

-- query statement-set
EXECUTE STATEMENT SET BEGIN
INSERT INTO a SELECT id, price FROM t WHERE id < 3;
INSERT INTO b (id, price) SELECT id, doubled FROM t WHERE id >= 3;
INSERT INTO a SELECT id, price FROM u;
END;
-- expect a
-- [1, "1.25"]
-- [1, "1.25"]
-- [10, "0.00"]
-- [2, "19.99"]
-- expect b
-- [3, null, null]
-- [4, null, 18]

-- query not-null-enforcer-fails
INSERT INTO strict SELECT id, CASE WHEN id < 3 THEN 'x' END FROM t;
-- error MR_SINK_NULL_IN_NOT_NULL

-- query not-null-enforcer-drops
SET 'table.exec.sink.not-null-enforcer' = 'DROP';
INSERT INTO strict SELECT id, CASE WHEN id < 3 THEN 'x' END FROM t;
-- expect strict
-- [1, "x"]
-- [2, "x"]

-- query cte
WITH big AS (SELECT id, price FROM t WHERE price > 5) SELECT id FROM big WHERE id < 4;
-- expect
-- [2]

-- query star-has-every-column
SELECT * FROM t WHERE id = 1;
-- expect
-- [1, "1.25", "2.50", "2025-01-01T00:00:00.000Z", 0, "id 1"]

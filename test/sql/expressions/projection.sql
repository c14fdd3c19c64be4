-- Projection, filters, CASE, COALESCE, CAST and column aliases.
CREATE TABLE t (id INT, s STRING, d DOUBLE, n DECIMAL(10, 2), b BIGINT, ts TIMESTAMP(3), dt DATE);

-- input t
-- [1, "10", 1.5, "1.25", 9007199254740993, "2025-01-01 12:34:56.789", "2025-01-01"]
-- [2, "abc", -2.5, "-1.25", -9223372036854775808, "1969-12-31 23:59:59.999", "1969-12-31"]
-- [3, null, null, null, null, null, null]
-- [4, "", 0.1, "0.00", 9223372036854775807, "9999-12-31 00:00:00", "0001-01-01"]
-- [5, " 7 ", 1e300, "12345678.90", 0, "2024-02-29 00:00:00", "2024-02-29"]

-- query everything-comes-through
-- duckdb same
SELECT id, s, n, b, ts, dt FROM t;
-- expect
-- [1, "10", "1.25", 9007199254740993, "2025-01-01 12:34:56.789", "2025-01-01"]
-- [2, "abc", "-1.25", -9223372036854775808, "1969-12-31 23:59:59.999", "1969-12-31"]
-- [3, null, null, null, null, null]
-- [4, "", "0.00", 9223372036854775807, "9999-12-31 00:00:00", "0001-01-01"]
-- [5, " 7 ", "12345678.90", 0, "2024-02-29 00:00:00", "2024-02-29"]

-- query filter-and-alias
-- duckdb same
SELECT id AS k, b + 1 AS b1 FROM t WHERE b < 9223372036854775807 AND id <> 2;
-- expect
-- [1, 9007199254740994]
-- [5, 1]

-- query bigint-wraps-around
-- Flink adds with the JVM's 64-bit arithmetic.
SELECT id, b + 1 AS up, b - 1 AS down, -b AS neg, b * 2 AS twice FROM t WHERE id IN (1, 2, 4);
-- expect
-- [1, 9007199254740994, 9007199254740992, -9007199254740993, 18014398509481986]
-- [2, -9223372036854775807, 9223372036854775807, -9223372036854775808, 0]
-- [4, -9223372036854775808, 9223372036854775806, -9223372036854775807, -2]

-- query int-wraps-around
SELECT CAST(2147483647 AS INT) + id AS up, CAST(-2147483648 AS INT) - id AS down FROM t WHERE id = 1;
-- expect
-- [-2147483648, 2147483647]

-- query case-searched-and-simple
-- duckdb same
SELECT id,
  CASE WHEN d > 0 THEN 'pos' WHEN d < 0 THEN 'neg' ELSE 'none' END AS sign_name,
  CASE id WHEN 1 THEN 'one' WHEN 2 THEN 'two' END AS word
FROM t;
-- expect
-- [1, "pos", "one"]
-- [2, "neg", "two"]
-- [3, "none", null]
-- [4, "pos", null]
-- [5, "pos", null]

-- query coalesce-nullif-if
-- duckdb SELECT id, coalesce(s, CAST(n AS VARCHAR), '?'), nullif(id, 3), CASE WHEN id > 2 THEN 'big' ELSE 'small' END FROM t
SELECT id, COALESCE(s, CAST(n AS STRING), '?') AS c, NULLIF(id, 3) AS nn, IF(id > 2, 'big', 'small') AS size FROM t;
-- expect
-- [1, "10", 1, "small"]
-- [2, "abc", 2, "small"]
-- [3, "?", null, "big"]
-- [4, "", 4, "big"]
-- [5, " 7 ", 5, "big"]

-- query try-cast-string
SELECT id, TRY_CAST(s AS INT) AS i, TRY_CAST(s AS DECIMAL(5, 1)) AS d1 FROM t;
-- expect
-- [1, 10, "10.0"]
-- [2, null, null]
-- [3, null, null]
-- [4, null, null]
-- [5, 7, "7.0"]

-- query cast-fails-the-job
SELECT CAST(s AS INT) AS i FROM t;
-- error MR_EXPR_CAST

-- query cast-numbers
-- Casts of DOUBLE to whole numbers cut; DECIMAL rounds half up.
SELECT id, CAST(n AS INT) AS i, CAST(d AS DECIMAL(10, 0)) AS r, CAST(n AS DOUBLE) AS f, CAST(n AS DECIMAL(10, 1)) AS n1
FROM t WHERE id <> 5;
-- expect
-- [1, 1, "2", 1.25, "1.3"]
-- [2, -1, "-3", -1.25, "-1.3"]
-- [3, null, null, null, null]
-- [4, 0, "0", 0, "0.0"]

-- query cast-temporal
SELECT id, CAST(ts AS DATE) AS d, CAST(ts AS TIME(0)) AS t, CAST(dt AS TIMESTAMP(3)) AS m, CAST(ts AS STRING) AS txt FROM t;
-- expect
-- [1, "2025-01-01", "12:34:56", "2025-01-01 00:00:00", "2025-01-01 12:34:56.789"]
-- [2, "1969-12-31", "23:59:59", "1969-12-31 00:00:00", "1969-12-31 23:59:59.999"]
-- [3, null, null, null, null]
-- [4, "9999-12-31", "00:00:00", "0001-01-01 00:00:00", "9999-12-31 00:00:00.000"]
-- [5, "2024-02-29", "00:00:00", "2024-02-29 00:00:00", "2024-02-29 00:00:00.000"]

-- query case-does-not-compute-other-branches
SELECT id, CASE WHEN id = 3 THEN 0 ELSE 10 / (id - 3) END AS safe FROM t;
-- expect
-- [1, -5]
-- [2, -10]
-- [3, 0]
-- [4, 10]
-- [5, 5]

-- query division-by-zero-fails
SELECT 1 / (id - 3) AS q FROM t;
-- error MR_EXPR_DIVISION_BY_ZERO

-- AND, OR, NOT and comparisons over NULL.
CREATE TABLE t (id INT, a BOOLEAN, b BOOLEAN, x INT, y INT);

-- input t
-- [1, true, true, 1, 1]
-- [2, true, false, 1, 2]
-- [3, true, null, 1, null]
-- [4, false, true, null, 1]
-- [5, false, false, 2, 1]
-- [6, false, null, null, null]
-- [7, null, true, 0, 0]
-- [8, null, false, -1, 1]
-- [9, null, null, 7, 7]

-- query and-or-not
-- duckdb same
SELECT id, a AND b AS a_and_b, a OR b AS a_or_b, NOT a AS not_a FROM t;
-- expect
-- [1, true, true, false]
-- [2, false, true, false]
-- [3, null, true, false]
-- [4, false, true, true]
-- [5, false, false, true]
-- [6, false, null, true]
-- [7, null, true, null]
-- [8, false, null, null]
-- [9, null, null, null]

-- query where-keeps-true-only
-- duckdb same
SELECT id FROM t WHERE a OR b;
-- expect
-- [1]
-- [2]
-- [3]
-- [4]
-- [7]

-- query comparisons
-- duckdb same
SELECT id, x = y AS eq, x <> y AS ne, x < y AS lt, x IS DISTINCT FROM y AS dist, x IS NOT DISTINCT FROM y AS same FROM t;
-- expect
-- [1, true, false, false, false, true]
-- [2, false, true, true, true, false]
-- [3, null, null, null, true, false]
-- [4, null, null, null, true, false]
-- [5, false, true, false, true, false]
-- [6, null, null, null, false, true]
-- [7, true, false, false, false, true]
-- [8, false, true, true, true, false]
-- [9, true, false, false, false, true]

-- query is-true-is-unknown
-- duckdb SELECT id, a IS NOT DISTINCT FROM true, a IS DISTINCT FROM true, a IS NOT DISTINCT FROM false, a IS NULL, a IS NOT NULL FROM t
SELECT id, a IS TRUE, a IS NOT TRUE, a IS FALSE, a IS UNKNOWN, a IS NOT UNKNOWN FROM t;
-- expect
-- [1, true, false, false, false, true]
-- [2, true, false, false, false, true]
-- [3, true, false, false, false, true]
-- [4, false, true, true, false, true]
-- [5, false, true, true, false, true]
-- [6, false, true, true, false, true]
-- [7, false, true, false, true, false]
-- [8, false, true, false, true, false]
-- [9, false, true, false, true, false]

-- query in-with-null
-- duckdb same
SELECT id, x IN (1, NULL) AS i, x NOT IN (1, NULL) AS n, x IN (1, 7) AS j, x BETWEEN 0 AND y AS between_xy FROM t;
-- expect
-- [1, true, false, true, true]
-- [2, true, false, true, true]
-- [3, true, false, true, null]
-- [4, null, null, null, null]
-- [5, null, null, false, false]
-- [6, null, null, null, null]
-- [7, null, null, false, true]
-- [8, null, null, false, false]
-- [9, null, null, true, true]

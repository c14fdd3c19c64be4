-- Several DISTINCT aggregates, FIRST and LAST values, LISTAGG, over rows in a given order.
CREATE TABLE t (k STRING, s STRING, v INT, b BOOLEAN);

-- input t
-- ["a", "x", 1, true]
-- ["a", "y", 2, false]
-- ["a", "x", 1, null]
-- ["b", null, 3, true]
-- ["b", "z", null, true]
-- ["b", "", 3, false]

-- query several-distincts
-- duckdb same
SELECT k, COUNT(DISTINCT s) AS ds, COUNT(DISTINCT v) AS dv, SUM(DISTINCT v) AS sv, COUNT(DISTINCT b) AS db, COUNT(*) AS n FROM t GROUP BY k;
-- expect
-- ["a", 2, 2, 3, 2, 3]
-- ["b", 2, 1, 3, 2, 3]

-- query first-last-listagg
-- duckdb SELECT k, first(s) FILTER (WHERE s IS NOT NULL), last(v) FILTER (WHERE v IS NOT NULL), string_agg(s, ',') FROM t GROUP BY k
SELECT k, FIRST_VALUE(s) AS f, LAST_VALUE(v) AS l, LISTAGG(s) AS parts FROM t GROUP BY k;
-- expect
-- ["a", "x", 1, "x,y,x"]
-- ["b", "z", 3, "z,"]

-- query group-by-expressions
-- duckdb same
SELECT v + 1 AS v1, UPPER(s) AS us, COUNT(*) AS n FROM t GROUP BY v + 1, UPPER(s);
-- expect
-- [2, "X", 2]
-- [3, "Y", 1]
-- [4, "", 1]
-- [4, null, 1]
-- [null, "Z", 1]

-- query group-by-boolean-and-null
-- duckdb same
SELECT b, COUNT(*) AS n FROM t GROUP BY b;
-- expect
-- [false, 2]
-- [null, 1]
-- [true, 3]

-- query aggregate-of-expressions
-- duckdb same
SELECT k, SUM(CASE WHEN b THEN v ELSE 0 END) AS s, MAX(COALESCE(v, 0)) - MIN(COALESCE(v, 0)) AS spread FROM t GROUP BY k;
-- expect
-- ["a", 1, 1]
-- ["b", 3, 3]

-- query min-max-of-strings
-- duckdb same
SELECT k, MIN(s) AS lo, MAX(s) AS hi FROM t GROUP BY k;
-- expect
-- ["a", "x", "y"]
-- ["b", "", "z"]

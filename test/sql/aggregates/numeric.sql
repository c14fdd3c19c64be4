-- Aggregates over every numeric type, NULLs, empty groups, and overflow.
CREATE TABLE t (k STRING, ti TINYINT, si SMALLINT, i INT, b BIGINT, f FLOAT, d DOUBLE, n DECIMAL(10, 2), w DECIMAL(38, 10));

-- input t
-- ["a", 100, 30000, 2000000000, 9000000000000000000, 1.5, 1.25, "99999999.99", "1234567890123456789012345678.0123456789"]
-- ["a", 100, 30000, 2000000000, 9000000000000000000, 2.5, 2.5, "0.01", "1.0000000001"]
-- ["a", -7, 1, 1, 1, -1.0, -0.75, "-0.02", "-1.0000000001"]
-- ["b", null, null, null, null, null, null, null, null]
-- [null, 1, 2, 3, 4, 5.0, 6.0, "7.00", "8.0000000000"]
-- [null, null, 2, null, 4, null, 6.0, null, "8.0000000000"]

-- query count
-- duckdb same
SELECT k, COUNT(*) AS n, COUNT(i) AS ni, COUNT(DISTINCT i) AS di, COUNT(1) AS n1 FROM t GROUP BY k;
-- expect
-- ["a", 3, 3, 2, 3]
-- ["b", 1, 0, 0, 1]
-- [null, 2, 1, 1, 2]

-- query min-max
-- duckdb same
SELECT k, MIN(ti) AS a, MAX(ti) AS b, MIN(b) AS c, MAX(b) AS d, MIN(n) AS e, MAX(n) AS f, MIN(w) AS g, MAX(w) AS h FROM t GROUP BY k;
-- expect
-- ["a", -7, 100, 1, 9000000000000000000, "-0.02", "99999999.99", "-1.0000000001", "1234567890123456789012345678.0123456789"]
-- ["b", null, null, null, null, null, null, null, null]
-- [null, 1, 1, 4, 4, "7.00", "7.00", "8.0000000000", "8.0000000000"]

-- query min-max-floating
-- duckdb same
SELECT k, MIN(f) AS a, MAX(f) AS b, MIN(d) AS c, MAX(d) AS e FROM t GROUP BY k;
-- expect
-- ["a", -1, 2.5, -0.75, 2.5]
-- ["b", null, null, null, null]
-- [null, 5, 5, 6, 6]

-- query sum-has-the-type-of-its-column
-- TINYINT, SMALLINT, INT and BIGINT sums wrap around in Flink.
SELECT k, SUM(ti) AS a, SUM(si) AS b, SUM(i) AS c, SUM(b) AS d FROM t GROUP BY k;
-- expect
-- ["a", -63, -5535, -294967295, -446744073709551615]
-- ["b", null, null, null, null]
-- [null, 1, 4, 3, 8]

-- query sum-decimal
-- duckdb same
SELECT k, SUM(n) AS n, SUM(w) AS w FROM t GROUP BY k;
-- expect
-- ["a", "99999999.98", "1234567890123456789012345678.0123456789"]
-- ["b", null, null]
-- [null, "7.00", "16.0000000000"]

-- query sum-floating
-- duckdb same
SELECT k, SUM(d) AS d FROM t GROUP BY k;
-- expect
-- ["a", 3]
-- ["b", null]
-- [null, 12]

-- query avg-cuts-whole-numbers
-- The average of whole numbers is a whole number, cut towards zero; of DECIMAL(10, 2) a DECIMAL(38, 6).
SELECT k, AVG(ti) AS a, AVG(i) AS c, AVG(d) AS d, AVG(n) AS n FROM t WHERE k IS NULL OR k <> 'a' OR ti < 0 GROUP BY k;
-- expect
-- ["a", -7, 1, -0.75, "-0.020000"]
-- ["b", null, null, null, null]
-- [null, 1, 3, 6, "7.000000"]

-- query filter-clause
-- duckdb same
SELECT k, COUNT(*) FILTER (WHERE i > 1) AS big, MAX(d) FILTER (WHERE d < 2) AS small, COUNT(DISTINCT d) FILTER (WHERE ti IS NOT NULL) AS dd FROM t GROUP BY k;
-- expect
-- ["a", 2, 1.25, 3]
-- ["b", 0, null, 0]
-- [null, 1, null, 1]

-- query global
-- duckdb same
SELECT COUNT(*) AS n, MAX(i) AS hi, COUNT(DISTINCT k) AS ks FROM t;
-- expect
-- [6, 2000000000, 2]

-- query global-over-nothing
-- A streaming job has no row before the first input; a batch would answer 0.
SELECT COUNT(*) AS n, MAX(i) AS hi FROM t WHERE k = 'nobody';
-- expect

-- query distinct-rows
-- duckdb same
SELECT DISTINCT k, si FROM t;
-- expect
-- ["a", 1]
-- ["a", 30000]
-- ["b", null]
-- [null, 2]

-- query having
-- duckdb same
SELECT k, COUNT(*) AS n FROM t GROUP BY k HAVING COUNT(i) >= 1 AND MAX(i) > 2;
-- expect
-- ["a", 3]
-- [null, 2]

-- query sum-distinct
-- duckdb same
SELECT k, SUM(DISTINCT n) AS n FROM t GROUP BY k;
-- expect
-- ["a", "99999999.98"]
-- ["b", null]
-- [null, "7.00"]

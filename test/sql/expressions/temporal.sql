-- EXTRACT, FLOOR, DATE_FORMAT, TO_TIMESTAMP, interval arithmetic.
CREATE TABLE t (id INT, ts TIMESTAMP(3), s STRING, ms BIGINT);

-- input t
-- [1, "2024-02-29 13:14:15.678", "2024-02-29 13:14:15", 1709212455678]
-- [2, "1969-12-31 23:59:59.999", "31/12/1969", -1]
-- [3, null, null, null]
-- [4, "2025-03-30 01:59:59", "2025-03-30T01:59:59", 0]

-- query extract
-- duckdb SELECT id, year(ts), quarter(ts), month(ts), day(ts), hour(ts), minute(ts), second(ts), isodow(ts) % 7 + 1, dayofyear(ts) FROM t
SELECT id, EXTRACT(YEAR FROM ts) AS y, EXTRACT(QUARTER FROM ts) AS q, EXTRACT(MONTH FROM ts) AS mo, EXTRACT(DAY FROM ts) AS d,
  EXTRACT(HOUR FROM ts) AS h, EXTRACT(MINUTE FROM ts) AS mi, EXTRACT(SECOND FROM ts) AS sec, EXTRACT(DOW FROM ts) AS dow, EXTRACT(DOY FROM ts) AS doy
FROM t;
-- expect
-- [1, 2024, 1, 2, 29, 13, 14, 15, 5, 60]
-- [2, 1969, 4, 12, 31, 23, 59, 59, 4, 365]
-- [3, null, null, null, null, null, null, null, null, null]
-- [4, 2025, 1, 3, 30, 1, 59, 59, 1, 89]

-- query floor-to-unit
-- duckdb SELECT id, date_trunc('year', ts), date_trunc('month', ts), date_trunc('day', ts), date_trunc('hour', ts) FROM t
SELECT id, FLOOR(ts TO YEAR) AS y, FLOOR(ts TO MONTH) AS m, FLOOR(ts TO DAY) AS d, FLOOR(ts TO HOUR) AS h FROM t;
-- expect
-- [1, "2024-01-01 00:00:00", "2024-02-01 00:00:00", "2024-02-29 00:00:00", "2024-02-29 13:00:00"]
-- [2, "1969-01-01 00:00:00", "1969-12-01 00:00:00", "1969-12-31 00:00:00", "1969-12-31 23:00:00"]
-- [3, null, null, null, null]
-- [4, "2025-01-01 00:00:00", "2025-03-01 00:00:00", "2025-03-30 00:00:00", "2025-03-30 01:00:00"]

-- query interval-arithmetic
-- duckdb SELECT id, ts + INTERVAL '1' DAY, ts - INTERVAL '90' MINUTE, ts + INTERVAL '1' MONTH FROM t
SELECT id, ts + INTERVAL '1' DAY AS d, ts - INTERVAL '90' MINUTE AS m, ts + INTERVAL '1' MONTH AS mo FROM t;
-- expect
-- [1, "2024-03-01 13:14:15.678", "2024-02-29 11:44:15.678", "2024-03-29 13:14:15.678"]
-- [2, "1970-01-01 23:59:59.999", "1969-12-31 22:29:59.999", "1970-01-31 23:59:59.999"]
-- [3, null, null, null]
-- [4, "2025-03-31 01:59:59", "2025-03-30 00:29:59", "2025-04-30 01:59:59"]

-- query format-and-parse
SELECT id, DATE_FORMAT(ts, 'yyyy-MM-dd HH:mm') AS f, TO_TIMESTAMP(s) AS p, TO_TIMESTAMP(s, 'dd/MM/yyyy') AS pat, TO_TIMESTAMP_LTZ(ms, 3) AS l FROM t;
-- expect
-- [1, "2024-02-29 13:14", "2024-02-29 13:14:15", null, "2024-02-29T13:14:15.678Z"]
-- [2, "1969-12-31 23:59", null, "1969-12-31 00:00:00", "1969-12-31T23:59:59.999Z"]
-- [3, null, null, null, null]
-- [4, "2025-03-30 01:59", null, null, "1970-01-01T00:00:00.000Z"]

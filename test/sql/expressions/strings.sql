-- String functions over ASCII, umlauts, characters beyond the BMP, and NULL.
CREATE TABLE t (id INT, s STRING, p STRING);

-- input t
-- [1, "Hello World", "Hello%"]
-- [2, "größe 💧", "%💧"]
-- [3, "", ""]
-- [4, null, "%"]
-- [5, "a,b,,c", "a_b%"]
-- [6, "100%", "100!%"]

-- query upper-lower-length
-- Java's upper case of ß is SS.
-- duckdb SELECT id, replace(upper(s), 'ẞ', 'SS'), lower(s), length(s) FROM t
SELECT id, UPPER(s) AS u, LOWER(s) AS l, CHAR_LENGTH(s) AS n FROM t;
-- expect
-- [1, "HELLO WORLD", "hello world", 11]
-- [2, "GRÖSSE 💧", "größe 💧", 7]
-- [3, "", "", 0]
-- [4, null, null, null]
-- [5, "A,B,,C", "a,b,,c", 6]
-- [6, "100%", "100%", 4]

-- query like
-- duckdb same
SELECT id, s LIKE p AS is_like, s NOT LIKE '%o%' AS no_o FROM t;
-- expect
-- [1, true, false]
-- [2, true, true]
-- [3, true, true]
-- [4, null, null]
-- [5, true, true]
-- [6, false, true]

-- query like-escape
-- duckdb same
SELECT id, s LIKE '100!%' ESCAPE '!' AS e FROM t;
-- expect
-- [1, false]
-- [2, false]
-- [3, false]
-- [4, null]
-- [5, false]
-- [6, true]

-- query substring-trim-concat
-- duckdb SELECT id, substring(s, 2, 3), trim(s), s || '|' || p, concat_ws('-', s, p) FROM t
SELECT id, SUBSTRING(s FROM 2 FOR 3) AS sub, TRIM(s) AS t, s || '|' || p AS c, CONCAT_WS('-', s, p) AS w FROM t;
-- expect
-- [1, "ell", "Hello World", "Hello World|Hello%", "Hello World-Hello%"]
-- [2, "röß", "größe 💧", "größe 💧|%💧", "größe 💧-%💧"]
-- [3, "", "", "|", "-"]
-- [4, null, null, null, "%"]
-- [5, ",b,", "a,b,,c", "a,b,,c|a_b%", "a,b,,c-a_b%"]
-- [6, "00%", "100%", "100%|100!%", "100%-100!%"]

-- query split-index
SELECT id, SPLIT_INDEX(s, ',', 0) AS a, SPLIT_INDEX(s, ',', 2) AS c, SPLIT_INDEX(s, ',', 9) AS z FROM t;
-- expect
-- [1, "Hello World", null, null]
-- [2, "größe 💧", null, null]
-- [3, null, null, null]
-- [4, null, null, null]
-- [5, "a", "", null]
-- [6, "100%", null, null]

-- query regexp
-- duckdb SELECT id, nullif(regexp_extract(s, '([A-Za-z]+) (.)', 2), ''), regexp_replace(s, '[aeiou]', '*', 'g') FROM t
SELECT id, REGEXP_EXTRACT(s, '([A-Za-z]+) (.)', 2) AS e, REGEXP_REPLACE(s, '[aeiou]', '*') AS r FROM t;
-- expect
-- [1, "W", "H*ll* W*rld"]
-- [2, "💧", "größ* 💧"]
-- [3, null, ""]
-- [4, null, null]
-- [5, null, "*,b,,c"]
-- [6, null, "100%"]

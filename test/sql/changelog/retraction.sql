-- GROUP BY over changing input: nested aggregates, changelog sources, HAVING that goes false, retractions of MIN and MAX.
CREATE TABLE orders (id INT, customer STRING, amount INT);
CREATE TABLE cdc (id INT, customer STRING, amount INT) WITH ('changelog-mode' = 'retract');
CREATE TABLE accounts (id INT, customer STRING, amount INT, PRIMARY KEY (id) NOT ENFORCED) WITH ('changelog-mode' = 'upsert');
CREATE TABLE by_customer (customer STRING, n BIGINT, PRIMARY KEY (customer) NOT ENFORCED) WITH ('sink.changelog-mode' = 'upsert');
CREATE TABLE append_only (customer STRING, n BIGINT) WITH ('sink.changelog-mode' = 'insert');

-- input orders
-- [1, "x", 10]
-- [2, "y", 20]
-- [3, "x", 30]
-- [4, null, 5]
-- [5, "y", 20]
-- [6, null, 7]

-- input cdc
-- [1, "x", 10]
-- [2, "x", 40]
-- [3, "y", 20]
-- -U [2, "x", 40]
-- +U [2, "y", 50]
-- -D [3, "y", 20]
-- [4, "z", 1]
-- -D [4, "z", 1]
-- -U [1, "x", 10]
-- +U [1, "x", 11]

-- input accounts
-- [1, "x", 10]
-- [2, "x", 40]
-- +U [2, "y", 50]
-- [3, "z", 1]
-- -D [3, "z", 1]
-- +U [1, "x", 12]
-- +U [1, "x", 13]

-- query update-and-retract
-- duckdb same
SELECT customer, COUNT(*) AS n, SUM(amount) AS s FROM orders GROUP BY customer;
-- changelog
-- +I ["x", 1, 10]
-- +I ["y", 1, 20]
-- -U ["x", 1, 10]
-- +U ["x", 2, 40]
-- +I [null, 1, 5]
-- -U ["y", 1, 20]
-- +U ["y", 2, 40]
-- -U [null, 1, 5]
-- +U [null, 2, 12]

-- query nested-aggregate
-- duckdb same
SELECT n, COUNT(*) AS customers FROM (SELECT customer, COUNT(*) AS n FROM orders GROUP BY customer) GROUP BY n;
-- expect
-- [2, 3]

-- query nested-min-max-distinct
-- duckdb same
SELECT MAX(s) AS hi, MIN(s) AS lo, COUNT(DISTINCT s) AS d, SUM(s) AS total FROM (SELECT customer, SUM(amount) AS s FROM orders GROUP BY customer);
-- expect
-- [40, 12, 2, 92]

-- query having-goes-false
-- duckdb same
SELECT customer, SUM(amount) AS s FROM orders GROUP BY customer HAVING SUM(amount) < 35;
-- changelog
-- +I ["x", 10]
-- +I ["y", 20]
-- -D ["x", 10]
-- +I [null, 5]
-- -D ["y", 20]
-- -U [null, 5]
-- +U [null, 12]

-- query having-goes-false-in-an-upsert-sink
-- duckdb SELECT customer, sum(amount) FROM orders GROUP BY 1 HAVING sum(amount) < 35 AND customer IS NOT NULL
INSERT INTO by_customer SELECT customer, SUM(amount) FROM orders WHERE customer IS NOT NULL GROUP BY customer HAVING SUM(amount) < 35;
-- changelog by_customer
-- +I ["x", 10]
-- +I ["y", 20]
-- -D ["x", 10]
-- -D ["y", 20]

-- query over-a-retract-source
-- duckdb same
SELECT customer, COUNT(*) AS n, SUM(amount) AS s, MIN(amount) AS lo, MAX(amount) AS hi FROM cdc GROUP BY customer;
-- expect
-- ["x", 1, 11, 11, 11]
-- ["y", 1, 50, 50, 50]

-- query rows-of-a-retract-source
-- duckdb same
SELECT id, amount * 2 AS twice FROM cdc WHERE amount > 10;
-- changelog
-- +I [2, 80]
-- +I [3, 40]
-- -U [2, 80]
-- +U [2, 100]
-- -D [3, 40]
-- +I [1, 22]

-- query over-an-upsert-source
-- duckdb same
SELECT customer, COUNT(*) AS n, SUM(amount) AS s FROM accounts GROUP BY customer;
-- expect
-- ["x", 1, 13]
-- ["y", 1, 50]

-- query rows-of-an-upsert-source
-- duckdb same
SELECT id, customer FROM accounts WHERE customer <> 'z';
-- expect
-- [1, "x"]
-- [2, "y"]

-- query into-an-upsert-sink
-- duckdb SELECT customer, count(*) FROM orders WHERE customer IS NOT NULL GROUP BY 1
INSERT INTO by_customer SELECT customer, COUNT(*) FROM orders WHERE customer IS NOT NULL GROUP BY customer;
-- changelog by_customer
-- +I ["x", 1]
-- +I ["y", 1]
-- +U ["x", 2]
-- +U ["y", 2]

-- query into-an-append-sink-is-refused
INSERT INTO append_only SELECT customer, COUNT(*) FROM orders GROUP BY customer;
-- error MR_PLAN_APPEND_SINK

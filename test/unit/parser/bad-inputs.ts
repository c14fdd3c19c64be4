// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the text is SQL with a parameter left in it.
/**
 * Wrong inputs and all that is said about them, but for the source lines: code, message, place, what was expected,
 * what was probably meant, and what to do.
 */
export const badInputs: readonly (readonly [sql: string, said: readonly string[]])[] = [
  [
    'SELCT a FROM t',
    [
      'MR_PARSE_UNEXPECTED: unexpected name SELCT',
      'at 1:1',
      'expected: SELECT, INSERT, CREATE, ALTER, DROP, SET, EXPLAIN, SHOW',
      'did you mean: SELECT',
    ],
  ],
  [
    'SELECT a FORM t',
    [
      'MR_PARSE_UNEXPECTED: unexpected name FORM',
      'at 1:10',
      "expected: AS, a name, ',', FROM, WHERE, GROUP, HAVING, WINDOW",
      'did you mean: FROM',
    ],
  ],
  [
    'WITHH a AS (SELECT 1) SELECT 1',
    [
      'MR_PARSE_UNEXPECTED: unexpected name WITHH',
      'at 1:1',
      'expected: SELECT, INSERT, CREATE, ALTER, DROP, SET, EXPLAIN, SHOW',
      'did you mean: WITH',
    ],
  ],
  [
    'SELECT * FROM t WHER x = 1',
    [
      'MR_PARSE_UNEXPECTED: unexpected name WHER',
      'at 1:17',
      "expected: FOR, MATCH_RECOGNIZE, AS, a name, ',', WHERE, GROUP, HAVING",
      'did you mean: WHERE',
    ],
  ],
  [
    'SELECT * FROM t GRUOP BY x',
    [
      'MR_PARSE_UNEXPECTED: unexpected name GRUOP',
      'at 1:17',
      "expected: FOR, MATCH_RECOGNIZE, AS, a name, ',', WHERE, GROUP, HAVING",
      'did you mean: GROUP',
    ],
  ],
  [
    'SELECT * FROM a JION b ON TRUE',
    [
      'MR_PARSE_UNEXPECTED: unexpected name JION',
      'at 1:17',
      "expected: FOR, MATCH_RECOGNIZE, AS, a name, ',', WHERE, GROUP, HAVING",
      'did you mean: JOIN',
    ],
  ],
  [
    'CREATE TABEL t (a INT)',
    [
      'MR_PARSE_UNEXPECTED: unexpected name TABEL',
      'at 1:8',
      'expected: TABLE, MATERIALIZED, VIEW, FUNCTION, CATALOG, DATABASE, OR, TEMPORARY',
      'did you mean: TABLE',
    ],
  ],
  [
    'DROP TBALE t',
    [
      'MR_PARSE_UNEXPECTED: unexpected name TBALE',
      'at 1:6',
      'expected: TEMPORARY, TABLE, VIEW, FUNCTION, MATERIALIZED, CATALOG, DATABASE',
      'did you mean: TABLE',
    ],
  ],
  [
    'CREAT TABLE t (a INT)',
    [
      'MR_PARSE_UNEXPECTED: unexpected name CREAT',
      'at 1:1',
      'expected: SELECT, INSERT, CREATE, ALTER, DROP, SET, EXPLAIN, SHOW',
      'did you mean: CREATE',
    ],
  ],
  [
    "SELECT * FROM TABLE(TUMBLE(TABLE b, DESCRIPTOR(ts), INTERVAL '1' SECONDD))",
    [
      'MR_PARSE_UNEXPECTED: unexpected name SECONDD',
      'at 1:66',
      'expected: a time unit',
      'did you mean: SECOND',
    ],
  ],
  [
    'SELECT a FROM t ORDER BY a LIMTI 3',
    [
      'MR_PARSE_UNEXPECTED: unexpected name LIMTI',
      'at 1:28',
      "expected: ASC, DESC, NULLS, ',', ';', an operator, LIMIT",
      'did you mean: LIMIT',
    ],
  ],
  [
    'SELECT timestamp FROM t',
    [
      'MR_PARSE_UNEXPECTED: unexpected keyword TIMESTAMP',
      'at 1:8',
      "expected: an expression, ALL, DISTINCT, '/*+'",
      'hint: TIMESTAMP is a reserved word; as a name it takes back-ticks: `timestamp`',
    ],
  ],
  [
    'SELECT a AS value FROM t',
    [
      'MR_PARSE_UNEXPECTED: unexpected keyword VALUE',
      'at 1:13',
      'expected: an alias',
      'hint: VALUE is a reserved word; as a name it takes back-ticks: `value`',
    ],
  ],
  [
    'SELECT t.user FROM t',
    [
      'MR_PARSE_UNEXPECTED: unexpected keyword USER',
      'at 1:10',
      'expected: a column name',
      'hint: USER is a reserved word; as a name it takes back-ticks: `user`',
    ],
  ],
  [
    'CREATE TABLE t (order INT)',
    [
      'MR_PARSE_UNEXPECTED: unexpected keyword ORDER',
      'at 1:17',
      'expected: a column name, WATERMARK, CONSTRAINT, PRIMARY',
      'hint: ORDER is a reserved word; as a name it takes back-ticks: `order`',
    ],
  ],
  [
    'CREATE TABLE t (a ROW<date STRING>)',
    [
      'MR_PARSE_UNEXPECTED: unexpected keyword DATE',
      'at 1:23',
      "expected: a field name, '>'",
      'hint: DATE is a reserved word; as a name it takes back-ticks: `date`',
    ],
  ],
  [
    'INSERT INTO out SELECT 1',
    [
      'MR_PARSE_UNEXPECTED: unexpected keyword OUT',
      'at 1:13',
      'expected: a table name',
      'hint: OUT is a reserved word; as a name it takes back-ticks: `out`',
    ],
  ],
  [
    'SELECT count FROM t',
    [
      'MR_PARSE_UNEXPECTED: unexpected keyword COUNT',
      'at 1:8',
      "expected: an expression, ALL, DISTINCT, '/*+'",
      'hint: COUNT is a reserved word; as a name it takes back-ticks: `count`',
    ],
  ],
  [
    'SELECT year, b FROM t',
    [
      'MR_PARSE_UNEXPECTED: unexpected keyword YEAR',
      'at 1:8',
      "expected: an expression, ALL, DISTINCT, '/*+'",
      'hint: YEAR is a reserved word; as a name it takes back-ticks: `year`',
    ],
  ],
  [
    'SELECT a b c FROM t',
    [
      'MR_PARSE_UNEXPECTED: unexpected name c',
      'at 1:12',
      "expected: ',', FROM, WHERE, GROUP, HAVING, WINDOW, QUALIFY, ORDER",
      'hint: a comma may be missing before it',
    ],
  ],
  [
    'SELECT a, FROM t',
    [
      'MR_PARSE_UNEXPECTED: unexpected keyword FROM',
      'at 1:11',
      "expected: an expression, '*'",
      'hint: remove the comma before it',
    ],
  ],
  [
    'CREATE TABLE t (a INT b STRING)',
    [
      'MR_PARSE_UNEXPECTED: unexpected name b',
      'at 1:23',
      "expected: ')', METADATA, CONSTRAINT, PRIMARY, COMMENT, ',', NOT, NULL",
      'hint: a comma may be missing before it',
    ],
  ],
  [
    'CREATE TABLE t (a INT,)',
    [
      "MR_PARSE_UNEXPECTED: unexpected ')'",
      'at 1:23',
      'expected: a column name, WATERMARK, CONSTRAINT, PRIMARY',
      'hint: remove the comma before it',
    ],
  ],
  [
    "CREATE TABLE t (a INT) WITH ('a'='b' 'c'='d')",
    [
      "MR_PARSE_UNEXPECTED: unexpected string 'c'",
      'at 1:38',
      "expected: ')', ','",
      'hint: a comma may be missing before it',
    ],
  ],
  [
    'SELECT a FROM t SELECT b',
    [
      'MR_PARSE_UNEXPECTED: unexpected keyword SELECT',
      'at 1:17',
      "expected: FOR, MATCH_RECOGNIZE, AS, a name, ',', WHERE, GROUP, HAVING",
      'hint: statements are separated by ;',
    ],
  ],
  [
    "SET 'a' = 'b' CREATE TABLE t (a INT)",
    [
      'MR_PARSE_UNEXPECTED: unexpected keyword CREATE',
      'at 1:15',
      "expected: ';'",
      'hint: statements are separated by ;',
    ],
  ],
  [
    'SELECT "x"',
    [
      'MR_PARSE_DOUBLE_QUOTES: double quotes have no meaning here',
      'at 1:8',
      "hint: strings take single quotes: 'text'; names take back-ticks: `name`",
    ],
  ],
  [
    'SELECT “x”',
    [
      "MR_PARSE_CHARACTER: unexpected character '“'",
      'at 1:8',
      "hint: strings take straight single quotes: 'text'",
    ],
  ],
  [
    "SELECT 'abc",
    [
      'MR_PARSE_UNTERMINATED_STRING: this string has no end',
      'at 1:8',
      "hint: end it with ', and write '' for a quote inside",
    ],
  ],
  [
    'SELECT `abc',
    ['MR_PARSE_UNTERMINATED_NAME: this back-ticked name has no end', 'at 1:8', 'hint: end it with `'],
  ],
  [
    'SELECT 1 /* abc',
    ['MR_PARSE_UNTERMINATED_COMMENT: this comment has no end', 'at 1:10', 'hint: end it with */'],
  ],
  [
    "SELECT /*+ OPTIONS('a'='b') * FROM t",
    ['MR_PARSE_UNTERMINATED_HINT: this hint has no end', 'at 1:8', 'hint: end it with */'],
  ],
  ['SELECT ``', ['MR_PARSE_EMPTY_NAME: a name cannot be empty', 'at 1:8']],
  ["SELECT X'0g'", ["MR_PARSE_BINARY: X'…' takes pairs of hexadecimal digits", 'at 1:8']],
  [
    "SELECT U&'\\zz'",
    ["MR_PARSE_UNICODE_ESCAPE: bad escape in U&'…'", 'at 1:8', 'hint: write \\0041 or \\+01F600'],
  ],
  [
    'SELECT 1a',
    [
      "MR_PARSE_NUMBER: '1a' is neither a number nor a name",
      'at 1:8',
      'hint: a name that starts with a digit takes back-ticks',
    ],
  ],
  [
    'SELECT ${X}',
    ['MR_PARSE_PARAM: ${X} was not replaced', 'at 1:8', 'hint: parameters are given before parsing, by name'],
  ],
  [
    'SELECT a # b',
    ["MR_PARSE_CHARACTER: unexpected character '#'", 'at 1:10', 'hint: comments start with --'],
  ],
  [
    'CREATE TABLE t (a INT PRIMARY KEY)',
    [
      'MR_PARSE_KEY_ENFORCED: a primary key must say NOT ENFORCED',
      'at 1:23',
      'hint: write PRIMARY KEY (…) NOT ENFORCED: the engine trusts the key and never checks it',
    ],
  ],
  [
    'CREATE TABLE t (a INT, PRIMARY KEY (a))',
    [
      'MR_PARSE_KEY_ENFORCED: a primary key must say NOT ENFORCED',
      'at 1:24',
      'hint: write PRIMARY KEY (…) NOT ENFORCED: the engine trusts the key and never checks it',
    ],
  ],
  [
    'CREATE TABLE t (a INT, PRIMARY KEY (a) ENFORCED)',
    [
      'MR_PARSE_KEY_ENFORCED: an ENFORCED primary key is not supported',
      'at 1:40',
      'hint: write PRIMARY KEY (…) NOT ENFORCED: the engine trusts the key and never checks it',
    ],
  ],
  [
    'CREATE TABLE t (a INT, UNIQUE (a))',
    [
      'MR_PARSE_UNEXPECTED: unexpected keyword UNIQUE',
      'at 1:24',
      'expected: a column name, WATERMARK, CONSTRAINT, PRIMARY',
      'hint: UNIQUE constraints are not supported; use PRIMARY KEY (…) NOT ENFORCED',
    ],
  ],
  [
    'CREATE TABLE t (a INT, CONSTRAINT u UNIQUE (a))',
    [
      'MR_PARSE_UNSUPPORTED: UNIQUE constraints are not supported',
      'at 1:37',
      'hint: use PRIMARY KEY (…) NOT ENFORCED',
    ],
  ],
  ['CREATE TABLE t (a, b INT)', ["MR_PARSE_COLUMN_TYPE: column 'a' has no type", 'at 1:17']],
  [
    'CREATE OR REPLACE TABLE t (a INT)',
    ['MR_PARSE_REPLACE: CREATE OR REPLACE TABLE needs AS SELECT …', 'at 1:1'],
  ],
  [
    'CREATE OR REPLACE VIEW v AS SELECT 1',
    ['MR_PARSE_MODIFIER: CREATE VIEW does not take OR REPLACE', 'at 1:1'],
  ],
  [
    'CREATE TABLE t (a STRING(10))',
    [
      "MR_PARSE_UNEXPECTED: unexpected '('",
      'at 1:25',
      "expected: ')', METADATA, CONSTRAINT, PRIMARY, COMMENT, ',', NOT, NULL",
      'hint: STRING and BYTES have no length; VARCHAR(n) and VARBINARY(n) do',
    ],
  ],
  [
    'CREATE TABLE t (a DATETIME)',
    [
      'MR_PARSE_UNEXPECTED: unexpected keyword DATETIME',
      'at 1:19',
      'expected: a type, AS',
      'hint: write TIMESTAMP(3)',
    ],
  ],
  [
    "CREATE TABLE t (a INT) WITH (connector = 'x')",
    [
      'MR_PARSE_UNEXPECTED: unexpected name connector',
      'at 1:30',
      "expected: ')', a string",
      "hint: option keys and values are strings: 'connector' = 'kafka'",
    ],
  ],
  [
    "CREATE TABLE t (a INT) WITH ('connector' = 5)",
    [
      'MR_PARSE_UNEXPECTED: unexpected number 5',
      'at 1:44',
      'expected: a string',
      "hint: option keys and values are strings: 'connector' = 'kafka'",
    ],
  ],
  [
    'CREATE TABLE t (a INT',
    [
      'MR_PARSE_UNEXPECTED_END: unexpected end of input',
      'at 1:22',
      "expected: ')', METADATA, CONSTRAINT, PRIMARY, COMMENT, ',', NOT, NULL",
      'hint: the ( at line 1, column 16 is not closed',
    ],
  ],
  ['ALTER TABLE t RESET ()', ['MR_PARSE_RESET: RESET needs at least one key', 'at 1:15']],
  [
    'SELECT * FROM a JOIN b',
    [
      'MR_PARSE_UNEXPECTED_END: unexpected end of input',
      'at 1:23',
      "expected: ON, USING, FOR, MATCH_RECOGNIZE, AS, a name, '.', '/*+'",
    ],
  ],
  [
    'SELECT (1',
    [
      'MR_PARSE_UNEXPECTED_END: unexpected end of input',
      'at 1:10',
      "expected: ')', ',', an operator",
      'hint: the ( at line 1, column 8 is not closed',
    ],
  ],
  [
    'SELECT 1)',
    [
      "MR_PARSE_UNEXPECTED: unexpected ')'",
      'at 1:9',
      "expected: AS, a name, ',', FROM, WHERE, GROUP, HAVING, WINDOW",
      'hint: there is no ( that this ) closes',
    ],
  ],
  [
    'SELECT INTERVAL 5 SECOND',
    [
      'MR_PARSE_UNEXPECTED: unexpected number 5',
      'at 1:17',
      "expected: a string, '-', '+'",
      "hint: the number of an interval is quoted: INTERVAL '5' SECOND",
    ],
  ],
  [
    'SELECT a == b',
    [
      "MR_PARSE_UNEXPECTED: unexpected '='",
      'at 1:11',
      'expected: an expression, ANY, SOME, ALL',
      'hint: equality is a single =',
    ],
  ],
  [
    'SELECT CASE WHEN a THEN 1',
    ['MR_PARSE_UNEXPECTED_END: unexpected end of input', 'at 1:26', 'expected: END, WHEN, ELSE, an operator'],
  ],
  ['SELECT CAST(a AS) FROM t', ["MR_PARSE_UNEXPECTED: unexpected ')'", 'at 1:17', 'expected: a type']],
  [
    'SELECT FROM t',
    [
      'MR_PARSE_UNEXPECTED: unexpected keyword FROM',
      'at 1:8',
      "expected: an expression, '*', ALL, DISTINCT, '/*+'",
    ],
  ],
  [
    'SELECT * FROM t LIMIT x',
    ['MR_PARSE_UNEXPECTED: unexpected name x', 'at 1:23', 'expected: ALL, a whole number, a number'],
  ],
  [
    'SELECT * FROM',
    [
      'MR_PARSE_UNEXPECTED_END: unexpected end of input',
      'at 1:14',
      "expected: a table name, LATERAL, '(', TABLE, UNNEST",
    ],
  ],
  [
    'SELECT a FROM t WHERE',
    ['MR_PARSE_UNEXPECTED_END: unexpected end of input', 'at 1:22', 'expected: an expression'],
  ],
  ['SELECT * FROM t ORDER a', ['MR_PARSE_UNEXPECTED: unexpected name a', 'at 1:23', 'expected: BY']],
  [
    'SELECT a FROM t MINUS SELECT b FROM u',
    [
      'MR_PARSE_UNEXPECTED: unexpected keyword MINUS',
      'at 1:17',
      "expected: FOR, MATCH_RECOGNIZE, AS, a name, ',', WHERE, GROUP, HAVING",
      'hint: write EXCEPT',
    ],
  ],
  [
    "SELECT * FROM t WHERE a RLIKE 'x'",
    [
      'MR_PARSE_UNEXPECTED: unexpected keyword RLIKE',
      'at 1:25',
      "expected: GROUP, HAVING, WINDOW, QUALIFY, ORDER, ';', an operator, UNION",
      'hint: write REGEXP(x, pattern)',
    ],
  ],
  [
    'SELECT ?',
    [
      "MR_PARSE_UNEXPECTED: unexpected '?'",
      'at 1:8',
      "expected: an expression, '*', ALL, DISTINCT, '/*+'",
      'hint: there are no ? parameters; write the value, or a named parameter that is replaced before parsing',
    ],
  ],
  [
    'SELECT EXTRACT(FORTNIGHT FROM x)',
    [
      "MR_PARSE_TIME_UNIT: 'FORTNIGHT' is not a time unit",
      'at 1:16',
      'hint: units: YEAR, QUARTER, MONTH, WEEK, DAY, HOUR, MINUTE, SECOND, MILLISECOND, MICROSECOND, NANOSECOND, DOW, ISODOW, DOY, ISOYEAR, EPOCH, DECADE, CENTURY, MILLENNIUM',
    ],
  ],
  [
    'SELECT (a, b, c) OVERLAPS (d, e)',
    ['MR_PARSE_OVERLAPS: both sides of OVERLAPS are pairs: (start, end)', 'at 1:8'],
  ],
  ['SELECT TRIM(BOTH)', ['MR_PARSE_TRIM: TRIM needs a text: TRIM([BOTH] [characters] FROM text)', 'at 1:17']],
  ['INSERT t SELECT 1', ['MR_PARSE_UNEXPECTED: unexpected name t', 'at 1:8', 'expected: INTO, OVERWRITE']],
  [
    'INSERT INTO t VALUES (1, 2',
    [
      'MR_PARSE_UNEXPECTED_END: unexpected end of input',
      'at 1:27',
      "expected: ')', ',', an operator",
      'hint: the ( at line 1, column 22 is not closed',
    ],
  ],
  [
    "ADD JAR 'x'",
    [
      'MR_PARSE_UNSUPPORTED: ADD JAR is not supported',
      'at 1:1',
      'hint: there is no JVM here; CREATE FUNCTION … LANGUAGE JAVASCRIPT',
    ],
  ],
  [
    'UPDATE t SET a = 1',
    [
      'MR_PARSE_UNSUPPORTED: UPDATE is not supported',
      'at 1:1',
      'hint: write a streaming INSERT INTO a table with a primary key',
    ],
  ],
  [
    'SELECT 1; DELETE FROM t',
    [
      'MR_PARSE_UNSUPPORTED: DELETE is not supported',
      'at 1:11',
      'hint: write a streaming INSERT INTO a table with a primary key',
    ],
  ],
  [
    'USE MODULES core',
    ['MR_PARSE_UNSUPPORTED: USE MODULES is not supported', 'at 1:1', 'hint: all functions are built in'],
  ],
  ["CREATE MODEL m WITH ('a' = 'b')", ['MR_PARSE_UNSUPPORTED: CREATE MODEL is not supported', 'at 1:1']],
  [
    'EXPLAIN CREATE VIEW v AS SELECT 1',
    ['MR_PARSE_EXPLAIN: EXPLAIN takes a query, an INSERT, a statement set or CREATE TABLE AS', 'at 1:1'],
  ],
  [
    'EXECUTE STATEMENT SET BEGIN SELECT 1; END',
    ['MR_PARSE_UNEXPECTED: unexpected keyword SELECT', 'at 1:29', 'expected: INSERT'],
  ],
  [
    'SHOW COLUMNS',
    ['MR_PARSE_SHOW_FROM: SHOW COLUMNS needs a table', 'at 1:1', 'hint: SHOW COLUMNS FROM table_name'],
  ],
  [
    'SHOW TABELS',
    [
      'MR_PARSE_UNEXPECTED: unexpected name TABELS',
      'at 1:6',
      'expected: CREATE, PARTITIONS, CATALOGS, DATABASES, TABLES, VIEWS, COLUMNS, FUNCTIONS',
      'did you mean: TABLES',
    ],
  ],
  [
    'SELECT * FROM t MATCH_RECOGNIZE (ORDER BY ts MEASURES A.x AS x ALL ROWS PER MATCH PATTERN (A) DEFINE A AS TRUE)',
    ['MR_PARSE_UNSUPPORTED: ALL ROWS PER MATCH is not supported', 'at 1:64', 'hint: use ONE ROW PER MATCH'],
  ],
  [
    'SELECT * FROM t MATCH_RECOGNIZE (ORDER BY ts MEASURES A.x AS x PATTERN (A | B) DEFINE A AS TRUE)',
    ['MR_PARSE_UNSUPPORTED: alternation (|) in PATTERN is not supported', 'at 1:75'],
  ],
  [
    'SELECT * FROM t MATCH_RECOGNIZE (ORDER BY ts MEASURES A.x AS x PATTERN ((A B)+) DEFINE A AS TRUE)',
    ['MR_PARSE_UNSUPPORTED: grouping with parentheses in PATTERN is not supported', 'at 1:73'],
  ],
  [
    'SELECT 1;\n\nSELECT a\n  FROM t\n  WHERE a >\n',
    [
      'MR_PARSE_UNEXPECTED_END: unexpected end of input',
      'at 5:12',
      'expected: an expression, ANY, SOME, ALL',
    ],
  ],
  [
    'WITH RECURSIVE a AS (SELECT 1) SELECT 1',
    [
      'MR_PARSE_UNEXPECTED: unexpected keyword RECURSIVE',
      'at 1:6',
      'expected: a name',
      'hint: recursive queries are not supported',
    ],
  ],
]

-- A row each for all null, ordinary, and extreme.
CREATE TABLE kinds.every_type (
    id integer PRIMARY KEY,
    c_smallint smallint, c_integer integer, c_bigint bigint, c_numeric numeric, c_numeric_10_3 numeric(10, 3), c_real real,
    c_double double precision, c_money money, c_boolean boolean, c_text text, c_varchar varchar(20), c_char char(5), c_quoted_char "char",
    c_name name, c_bytea bytea, c_date date, c_time time, c_timetz timetz(2), c_timestamp timestamp, c_timestamptz timestamptz,
    c_interval interval, c_uuid uuid, c_json json, c_jsonb jsonb, c_jsonpath jsonpath, c_xml xml, c_inet inet, c_cidr cidr,
    c_macaddr macaddr, c_macaddr8 macaddr8, c_bit bit(4), c_varbit bit varying, c_point point, c_line line, c_lseg lseg, c_box box,
    c_path path, c_polygon polygon, c_circle circle, c_tsvector tsvector, c_tsquery tsquery, c_int4range int4range,
    c_numrange numrange, c_tstzmultirange tstzmultirange, c_texts text[], c_matrix integer[][], c_lsn pg_lsn, c_oid oid,
    c_regclass regclass, c_xid8 xid8, c_snapshot pg_snapshot, c_tid tid, c_vector int2vector, c_oids oidvector,
    c_enum kinds.colour, c_composite kinds.price, c_nested kinds.quote, c_hours kinds.hours, c_all_hours kinds.all_hours,
    c_domain kinds.title, c_years kinds.year_range, c_domain_of_composite kinds.fair_price, c_row_of_table kinds.staff
);

INSERT INTO kinds.every_type (id, c_domain) VALUES (0, NULL);
INSERT INTO kinds.every_type VALUES (
    1, 1, 2, 3, 4.50, 5.125, 0.1, 0.1, 12.34, true, 'text', 'varchar', 'char', 'c', 'name', '\x00ff10', '2026-11-22', '12:34:56.789',
    '12:34:56.78+02', '2026-11-22 12:34:56.123456', '2026-11-22 12:34:56.123456+02', '1 year 2 mons -3 days 04:05:06.7',
    '00112233-4455-6677-8899-aabbccddeeff', '{"b" : 1,  "a": [1,2], "b": 2}', '{"b": 1, "a": [1, 2], "b": 2}', '$.a[*] ? (@ > 1)', '<a b="c">d</a>',
    '192.168.0.1/24', '10.0.0.0/8', '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05', B'1010', B'10101', '(1,2)', '{1,2,3}', '[(1,2),(3,4)]',
    '((3,4),(1,2))', '((1,2),(3,4))', '((1,2),(3,4),(5,6))', '<(1,2),3>', to_tsvector('english', 'the fat cats'),
    to_tsquery('english', 'fat & !rat'), '[1,5)', '(0.5,)', '{[2026-01-01Z,2026-01-02Z), [2026-02-01Z,)}', '{a,b}', '{{1,2},{3,4}}',
    '16/B374D848', 123, 'pg_class', '42', '10:20:10,14,15', '(3,4)', '1 -2 3', '1 4294967295',
    'it''s', '(1.5,EUR,"a, b ""c""")', ROW(ROW(1, 'DM', NULL)::kinds.price, ARRAY[NULL, ROW(NULL, NULL, '')::kinds.price], 'red', '2026-01-01Z')::kinds.quote,
    '[09:00,17:30)', '{[09:00,12:00),[13:00,18:00)}', 'a title', '[2,8)', ROW(2.5, 'USD', E'\\N')::kinds.fair_price, '(1,2)'
);
INSERT INTO kinds.every_type VALUES (
    2, -32768, -2147483648, -9223372036854775808, 'NaN', -9999999.999, 'NaN', '-Infinity', '-92233720368547758.08', false,
    E'\\N tab\t newline\n return\r backslash\\ bell\x07 backspace\b feed\f vertical\v delete\x7f \\. end', '', '', E'\\', 'ünï "q"', '', '-infinity', '24:00',
    '00:00+15:59', '4713-01-01 00:00:00 BC', 'infinity', '-178000000 years', '00000000-0000-0000-0000-000000000000', '  null ', '"\u00e9\n"', 'strict $',
    '', '::1', '2001:db8::/32', '00:00:00:00:00:00', 'ff:ff:ff:ff:ff:ff:ff:ff', B'0000', B'', '(-0,1e300)', '{0,-1,0}', '[(0,0),(0,0)]',
    '(Infinity,Infinity),(-Infinity,-Infinity)', '[(0,0)]', '((0,0))', '<(0,0),0>', '', '', 'empty', '(,)', '{}', '{}', '[-1:0][5:5]={{1},{NULL}}',
    '0/0', 4294967295, '-', '18446744073709551615', '1:1:', '(4294967295,65535)', '', '',
    '', '(,,)', '(,,,)', 'empty', '{}', '', '(,)', NULL, '(,)'
);
INSERT INTO kinds.every_type (id, c_smallint, c_integer, c_bigint, c_numeric, c_real, c_double, c_text, c_varchar, c_bytea, c_date, c_timestamp, c_timestamptz,
    c_interval, c_texts, c_matrix, c_json, c_jsonb, c_enum, c_domain) VALUES (
    3, 32767, 2147483647, 9223372036854775807, '1e-300'::numeric + '1e300'::numeric, '1.1754944e-38', '1.7976931348623157e308',
    '雪 ☃ 𝔘 e' || U&'\0301' || ' ' || U&'\200B' || U&'\FEFF' || U&'\2028' || U&'\0085' || '"', '\N', '\x5c4e5c2e0a', '5874897-12-31',
    '294276-12-31 23:59:59.999999', '0001-12-31 23:59:59+00 BC', '178000000 years 11 mons 31 days 23:59:59.999999',
    ARRAY['NULL', NULL, '', '{}', '"', '\', ',', E'a\nb', ' sp ', 'null', '(x)'], '[2:3][-1:1]={{1,2,3},{4,5,6}}',
    '{"": {"a\\": "\u0000 is no character"}, "n": 1e400, "x": -0.0, "s": "\ud83d\ude00"}',
    '{"": [null, true, 1.50, 123456789012345678901234567890.123456789, {"é": "\"\\"}]}', '$$', E'\\.'
), (
    4, 0, 0, 0, '-0.000', '-0', 'NaN', '\.', ' ', E'\\x', '4713-01-01 BC', '2000-02-29', '1883-11-18 12:03:57-04:56:02', '-1 day +00:00:00.000001',
    '{{a,NULL},{"",b}}', '{}', '[]', '{}', 'NULL', E'\t'
);
INSERT INTO kinds.every_type (id, c_numeric, c_double, c_real, c_text, c_bytea)
    VALUES (9, 'Infinity', 'Infinity', '-Infinity', E'\\', E'\\x0a0d09'), (12, '-Infinity', '-Infinity', 'Infinity', E'\n', NULL),
           (5, 0.1::numeric / 3, 0.1 + 0.2, 16777217, repeat('\', 100), (SELECT string_agg(set_byte('\x00', 0, n), '') FROM generate_series(0, 255) n)),
           (6, repeat('9', 1000)::numeric / 7, 5e-324, 1e-45, '', '\x00');
INSERT INTO kinds.every_type (id, c_numeric) VALUES (7, ('1' || repeat('0', 131071))::numeric), (8, ('0.' || repeat('0', 16382) || '1')::numeric);

-- Larger than a block, than a message and than what most clients read at once; stored out of line, compressed or not.
INSERT INTO kinds.every_type (id, c_text) SELECT 10, repeat('three megabytes of text, ', 125000);
INSERT INTO kinds.every_type (id, c_bytea)
    SELECT 11, string_agg(decode(md5(n::text) || md5((-n)::text), 'hex'), '') FROM generate_series(1, 32768) n;

CREATE TABLE kinds.hundred_columns ();
DO $$
BEGIN
    EXECUTE (SELECT 'ALTER TABLE kinds.hundred_columns ' || string_agg(format('ADD COLUMN c%s text', n), ', ') FROM generate_series(1, 100) n);
    EXECUTE 'INSERT INTO kinds.hundred_columns SELECT ' || (SELECT string_agg(format('''v'' || (n * %s)', c), ', ') FROM generate_series(1, 100) c)
        || ' FROM generate_series(1, 20) n';
END $$;

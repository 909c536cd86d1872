SELECT lo_create(4711), lo_from_bytea(4712, '\x00ff'), lo_from_bytea(0, convert_to(repeat('a large object ', 400000), 'UTF8')) > 0;
SELECT lo_from_bytea(4713, (SELECT string_agg(set_byte('\x00', 0, n), '') FROM generate_series(0, 255) n));
SELECT lo_create(4714), lo_put(4714, 1000000, '\x7a');
SELECT lo_create(4000000000);
ALTER LARGE OBJECT 4712 OWNER TO kinds_owner;
GRANT SELECT ON LARGE OBJECT 4712 TO kinds_writer WITH GRANT OPTION;
GRANT UPDATE ON LARGE OBJECT 4711 TO PUBLIC;
COMMENT ON LARGE OBJECT 4712 IS E'It''s large\n';

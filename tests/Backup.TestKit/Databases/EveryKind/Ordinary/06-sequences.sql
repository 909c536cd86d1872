CREATE SEQUENCE kinds.numbers START WITH 10001 INCREMENT BY 7 CACHE 20;
CREATE SEQUENCE kinds.countdown AS smallint INCREMENT BY -3 MINVALUE -300 MAXVALUE 300 START WITH 300 CYCLE;
CREATE SEQUENCE kinds."Never ""used""" AS integer MINVALUE 5;
CREATE SEQUENCE kinds.at_the_end AS bigint MAXVALUE 3;
CREATE SEQUENCE kinds.highest START WITH 9223372036854775807;
CREATE SEQUENCE kinds.lowest INCREMENT BY -1 MINVALUE -9223372036854775808 START WITH -9223372036854775808;
COMMENT ON SEQUENCE kinds.numbers IS 'Seven apart';
GRANT SELECT, USAGE ON SEQUENCE kinds.numbers TO PUBLIC;
GRANT UPDATE ON SEQUENCE kinds.numbers TO kinds_writer WITH GRANT OPTION;

SELECT nextval('kinds.numbers') FROM generate_series(1, 3);
SELECT nextval('kinds.countdown') FROM generate_series(1, 205);
SELECT nextval('kinds.at_the_end') FROM generate_series(1, 3);
SELECT nextval('kinds.highest');
SELECT setval('kinds.lowest', -42, false);
REVOKE USAGE, UPDATE ON SEQUENCE kinds.countdown FROM kinds_owner;

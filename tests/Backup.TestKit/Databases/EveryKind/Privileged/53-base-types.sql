CREATE TYPE kinds."My ""Type";
CREATE FUNCTION kinds."My in"(cstring) RETURNS kinds."My ""Type" LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION kinds.my_out(kinds."My ""Type") RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE FUNCTION kinds.my_send(kinds."My ""Type") RETURNS bytea LANGUAGE internal STABLE STRICT AS 'textsend';
CREATE FUNCTION kinds.my_receive(internal) RETURNS kinds."My ""Type" LANGUAGE internal STABLE STRICT AS 'textrecv';
CREATE TYPE kinds."My ""Type" (
    INPUT = kinds."My in", OUTPUT = kinds.my_out, SEND = kinds.my_send, RECEIVE = kinds.my_receive, LIKE = text,
    CATEGORY = 'S', PREFERRED = true, COLLATABLE = true, DEFAULT = 'it''s', DELIMITER = ';'
);
CREATE TYPE kinds.never_made;
CREATE TYPE kinds.small;
CREATE FUNCTION kinds.small_in(cstring) RETURNS kinds.small LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION kinds.small_out(kinds.small) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE kinds.small (INPUT = kinds.small_in, OUTPUT = kinds.small_out, INTERNALLENGTH = 4, PASSEDBYVALUE, ALIGNMENT = int4, STORAGE = plain);
ALTER TYPE kinds.small OWNER TO kinds_owner;
COMMENT ON TYPE kinds."My ""Type" IS 'Like text';
COMMENT ON TYPE kinds.never_made IS 'Announced';
GRANT USAGE ON TYPE kinds."My ""Type" TO kinds_writer;
CREATE FUNCTION kinds.takes_mine(kinds."My ""Type"[]) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE TABLE kinds.of_my_type (a kinds."My ""Type" DEFAULT 'x', b kinds."My ""Type"[], c kinds.small);
INSERT INTO kinds.of_my_type VALUES (DEFAULT, '{"a;b";c}', '7');
CREATE DOMAIN kinds.over_mine AS kinds."My ""Type" CHECK (VALUE IS NOT NULL);
CREATE CAST (kinds."My ""Type" AS text) WITHOUT FUNCTION AS IMPLICIT;

CREATE TYPE kinds.whole_range;
CREATE FUNCTION kinds.to_whole(kinds.whole_range) RETURNS kinds.whole_range LANGUAGE internal IMMUTABLE STRICT AS 'int4range_canonical';
CREATE TYPE kinds.whole_range AS RANGE (subtype = integer, canonical = kinds.to_whole, subtype_diff = int4range_subdiff);
CREATE TABLE kinds.of_whole_range (r kinds.whole_range DEFAULT '[1,2]', m kinds.whole_multirange);
INSERT INTO kinds.of_whole_range VALUES (DEFAULT, '{[1,2],[5,6)}');

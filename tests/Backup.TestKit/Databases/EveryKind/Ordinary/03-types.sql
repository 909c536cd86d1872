CREATE TYPE kinds.colour AS ENUM ('red', 'it''s', 'back\slash', E'two\nlines', 'ünï "q", (x)', '', '$$', 'NULL');
ALTER TYPE kinds.colour ADD VALUE 'amber' AFTER 'red';
ALTER TYPE kinds.colour ADD VALUE 'first' BEFORE 'red';
CREATE TYPE kinds.no_colours AS ENUM ();
CREATE TYPE "Kinds ""&"" 'names'; --, ünï ☃"."Enum ""E"", ☃" AS ENUM ('a', 'b');
COMMENT ON TYPE kinds.colour IS 'An enum';
GRANT USAGE ON TYPE kinds.colour TO kinds_writer WITH GRANT OPTION;
REVOKE USAGE ON TYPE kinds.no_colours FROM PUBLIC;

CREATE FUNCTION kinds.is_even(i integer) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT i % 2 = 0';
CREATE DOMAIN kinds.even AS integer DEFAULT 2 NOT NULL
    CONSTRAINT "is ""even""" CHECK (kinds.is_even(VALUE)) CONSTRAINT small CHECK (VALUE < 1000);
CREATE DOMAIN kinds.year AS integer CHECK (VALUE BETWEEN 1901 AND 2155);
ALTER DOMAIN kinds.year ADD CONSTRAINT "not leap" CHECK (VALUE % 4 <> 0) NOT VALID;
CREATE DOMAIN kinds.title AS character varying(40) COLLATE "C" DEFAULT E'it''s \\ a\ntitle';
CREATE DOMAIN kinds."Even ""two""" AS kinds.even CHECK (VALUE <> 4);
CREATE DOMAIN kinds.matrix AS numeric(10, 2)[] CHECK (array_ndims(VALUE) = 2);
CREATE DOMAIN kinds.hue AS kinds.colour DEFAULT 'red' CHECK (VALUE <> 'it''s');
CREATE DOMAIN kinds.clock AS timestamptz(3) DEFAULT now();
COMMENT ON DOMAIN kinds.year IS 'A year';
COMMENT ON CONSTRAINT "is ""even""" ON DOMAIN kinds.even IS 'It''s even';
COMMENT ON CONSTRAINT "not leap" ON DOMAIN kinds.year IS 'Unchecked';
REVOKE USAGE ON DOMAIN kinds.year FROM PUBLIC;
GRANT USAGE ON DOMAIN kinds.year TO kinds_writer;

CREATE TYPE kinds.price AS (amount numeric(12, 2), "Cur""rency" character(3) COLLATE "C", note text);
CREATE TYPE kinds.quote AS (price kinds.price, prices kinds.price[], gone integer, hue kinds.hue);
ALTER TYPE kinds.quote DROP ATTRIBUTE gone;
ALTER TYPE kinds.quote ADD ATTRIBUTE "new one" timestamp(3) with time zone;
CREATE TYPE kinds.nothing AS ();
CREATE DOMAIN kinds.fair_price AS kinds.price CHECK ((VALUE).amount > 0);
COMMENT ON TYPE kinds.price IS 'A composite type';
COMMENT ON COLUMN kinds.price."Cur""rency" IS E'ISO 4217\n''x''';
GRANT USAGE ON TYPE kinds.price TO kinds_writer;

CREATE FUNCTION kinds.seconds_between(later time, earlier time) RETURNS double precision
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS 'SELECT extract(epoch FROM later - earlier)::double precision';
CREATE TYPE kinds.hours AS RANGE (subtype = time, subtype_diff = kinds.seconds_between, multirange_type_name = kinds.all_hours);
CREATE TYPE kinds."Text Range" AS RANGE (
    subtype = text, collation = "C", subtype_opclass = text_pattern_ops, multirange_type_name = kinds."Text ""Ranges"""
);
CREATE TYPE kinds.float_range AS RANGE (subtype = double precision, subtype_diff = float8mi);
CREATE TYPE kinds.year_range AS RANGE (subtype = kinds.even);
COMMENT ON TYPE kinds.hours IS 'From opening to closing';
REVOKE ALL ON TYPE kinds.float_range FROM PUBLIC;

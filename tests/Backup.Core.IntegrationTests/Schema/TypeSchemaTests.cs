using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.Schema;

[Collection(RestoreCollection.Name)]
public sealed class TypeSchemaTests(PostgresFixture postgres)
{
    [Fact]
    public Task ReadAsync_EnumTypes_ComeBackIdentical() =>
        SchemaRoundTrip.AssertIdenticalAsync(
            postgres,
            """
            CREATE SCHEMA "Häuser & Co";
            CREATE TYPE public.mood AS ENUM ('sad', 'ok', 'happy');
            ALTER TYPE public.mood ADD VALUE 'meh' BEFORE 'ok';
            CREATE TYPE "Häuser & Co"."Zu""stand" AS ENUM ('it''s', 'back\slash', 'ein "Wort"', E'zwei\nZeilen', '', 'ü漢🙂',
                '$$');
            CREATE TYPE public.empty_enum AS ENUM ();
            COMMENT ON TYPE "Häuser & Co"."Zu""stand" IS E'it''s a "state"\nwith \\ and $$';
            CREATE TABLE public.uses (m public.mood DEFAULT 'meh', z "Häuser & Co"."Zu""stand"[] DEFAULT '{"it''s"}');
            GRANT USAGE ON TYPE public.mood TO pg_monitor WITH GRANT OPTION;
            REVOKE ALL ON TYPE "Häuser & Co"."Zu""stand" FROM PUBLIC;
            """);

    [Fact]
    public Task ReadAsync_Domains_ComeBackIdentical() =>
        SchemaRoundTrip.AssertIdenticalAsync(
            postgres,
            """"
            CREATE FUNCTION public.is_even(i integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT i % 2 = 0';
            CREATE DOMAIN public.even AS integer DEFAULT 2 NOT NULL CONSTRAINT "is ""even""" CHECK (public.is_even(VALUE))
                CONSTRAINT small CHECK (VALUE < 1000);
            CREATE DOMAIN public.year AS integer CHECK (VALUE >= 1901 AND VALUE <= 2155);
            CREATE DOMAIN public.title AS character varying(40) COLLATE "C" DEFAULT E'it''s \\ a\ntitle';
            CREATE DOMAIN public."Of Domain" AS public.even CHECK (VALUE <> 4);
            CREATE DOMAIN public.matrix AS numeric(10,2)[] CHECK (array_ndims(VALUE) = 2);
            ALTER DOMAIN public.year ADD CONSTRAINT "not leap" CHECK (VALUE % 4 <> 0) NOT VALID;
            CREATE DOMAIN public.late AS integer;
            CREATE DOMAIN public.without AS public.late;
            ALTER DOMAIN public.late SET DEFAULT 5;
            COMMENT ON DOMAIN public.year IS 'a year';
            COMMENT ON CONSTRAINT "is ""even""" ON DOMAIN public.even IS 'it''s even';
            COMMENT ON CONSTRAINT "not leap" ON DOMAIN public.year IS 'unchecked';
            REVOKE USAGE ON DOMAIN public.year FROM PUBLIC;
            GRANT USAGE ON DOMAIN public.year TO pg_monitor;
            CREATE TABLE public.uses (e public.even, y public.year, t public.title COLLATE "POSIX", m public.matrix[]);
            """");

    [Fact]
    public Task ReadAsync_CompositeTypes_ComeBackIdentical() =>
        SchemaRoundTrip.AssertIdenticalAsync(
            postgres,
            """
            CREATE TYPE public.money_amount AS (amount numeric(12,2), "Cur""rency" character(3) COLLATE "C", note text);
            CREATE TYPE public."Nested Type" AS (inner_value public.money_amount, list public.money_amount[], gone integer);
            ALTER TYPE public."Nested Type" DROP ATTRIBUTE gone;
            ALTER TYPE public."Nested Type" ADD ATTRIBUTE "new one" timestamp(3) with time zone;
            CREATE TYPE public.nothing AS ();
            COMMENT ON TYPE public.money_amount IS 'an amount';
            COMMENT ON COLUMN public.money_amount."Cur""rency" IS E'ISO 4217\n''x''';
            COMMENT ON COLUMN public."Nested Type"."new one" IS 'when';
            CREATE TABLE public.uses (a public.money_amount, n public."Nested Type"[]);
            CREATE TABLE public.typed OF public.money_amount;
            CREATE TYPE public.of_table AS (u public.uses);
            GRANT USAGE ON TYPE public.money_amount TO pg_monitor;
            """);

    [Fact]
    public Task ReadAsync_RangeTypes_ComeBackIdentical() =>
        SchemaRoundTrip.AssertIdenticalAsync(
            postgres,
            """
            CREATE TYPE public.float_range AS RANGE (subtype = double precision, subtype_diff = float8mi);
            CREATE TYPE public."Text Range" AS RANGE (subtype = text, collation = "C", subtype_opclass = text_pattern_ops,
                multirange_type_name = public."Text Ranges");
            CREATE FUNCTION public.time_subtype_diff(x time, y time) RETURNS double precision LANGUAGE sql STRICT IMMUTABLE AS
                'SELECT EXTRACT(EPOCH FROM (x - y))';
            CREATE TYPE public.time_range AS RANGE (subtype = time, subtype_diff = public.time_subtype_diff);
            CREATE TYPE public.canonical_range;
            CREATE FUNCTION public.canonical_range_canonical(public.canonical_range) RETURNS public.canonical_range LANGUAGE
                internal IMMUTABLE STRICT AS 'int4range_canonical';
            CREATE TYPE public.canonical_range AS RANGE (subtype = integer, canonical = public.canonical_range_canonical,
                subtype_diff = int4range_subdiff);
            COMMENT ON TYPE public."Text Range" IS 'a range of texts';
            CREATE TABLE public.uses (f public.float_range, t public."Text Ranges", c public.canonical_range DEFAULT '[1,2]',
                m public.time_range[]);
            CREATE FUNCTION public.takes(m public."Text Ranges") RETURNS integer LANGUAGE sql AS 'SELECT 1';
            REVOKE ALL ON TYPE public.float_range FROM PUBLIC;
            """);

    [Fact]
    public Task ReadAsync_BaseAndShellTypes_ComeBackIdentical() =>
        SchemaRoundTrip.AssertIdenticalAsync(
            postgres,
            """
            CREATE TYPE public."My ""Type";
            CREATE FUNCTION public."My in"(cstring) RETURNS public."My ""Type" LANGUAGE internal IMMUTABLE STRICT AS 'textin';
            CREATE FUNCTION public.my_out(public."My ""Type") RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
            CREATE FUNCTION public.my_send(public."My ""Type") RETURNS bytea LANGUAGE internal STABLE STRICT AS 'textsend';
            CREATE FUNCTION public.my_receive(internal) RETURNS public."My ""Type" LANGUAGE internal STABLE STRICT AS
                'textrecv';
            CREATE TYPE public."My ""Type" (
                INPUT = public."My in", OUTPUT = public.my_out, SEND = public.my_send, RECEIVE = public.my_receive, LIKE =
                text,
                CATEGORY = 'S', COLLATABLE = true, DEFAULT = 'it''s', DELIMITER = ';');
            CREATE TYPE public.never_made;
            COMMENT ON TYPE public."My ""Type" IS 'like text';
            CREATE FUNCTION public.takes(public."My ""Type"[]) RETURNS integer LANGUAGE sql AS 'SELECT 1';
            CREATE TABLE public.uses (a public."My ""Type", b public."My ""Type"[]);
            CREATE DOMAIN public.over_it AS public."My ""Type" CHECK (VALUE IS NOT NULL);
            GRANT USAGE ON TYPE public."My ""Type" TO pg_monitor;
            """);
}

using Backup.Core.Postgres;
using Backup.TestKit.PostgreSql;
using Npgsql;

namespace Backup.Core.IntegrationTests.Schema;

[Collection(RestoreCollection.Name)]
public sealed class RoutineSchemaTests(PostgresFixture postgres)
{
    [Fact]
    public Task ReadAsync_FunctionsAndProcedures_ComeBackIdentical() =>
        SchemaRoundTrip.AssertIdenticalAsync(
            postgres,
            """
            CREATE SCHEMA "My Schema";
            CREATE TABLE public.item (id integer PRIMARY KEY, "Na""me" text);
            CREATE FUNCTION public.plain(a integer, b text DEFAULT E'it''s \\ "x"\n$$', VARIADIC rest numeric[] DEFAULT '{}')
                RETURNS text
                LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER LEAKPROOF PARALLEL SAFE COST 42 SET search_path TO 'public',
                "My Schema", '' SET work_mem = '12MB' SET "my.var" = 'it''s' SET datestyle TO 'ISO, DMY'
            AS $body$
            DECLARE
                t text := $q$ $function$ and $$ and \ and 'quote' $q$;
            BEGIN
            	RETURN t || E'\n ü漢🙂' || a || b; -- "comment"
            END
            $body$;
            CREATE FUNCTION "My Schema"."Fünc tion""x"(IN "In Arg" integer, OUT "out" text, INOUT "both" public.item) LANGUAGE
                sql AS $$ SELECT 'x'::text, "both" $$;
            CREATE FUNCTION public.rows_of(n integer) RETURNS TABLE (id integer, "select" text) LANGUAGE sql ROWS 7 AS $_$
                SELECT 1, 'a' WHERE $1 > 0 $_$;
            CREATE FUNCTION public.set_of() RETURNS SETOF public.item LANGUAGE sql STABLE AS 'SELECT * FROM public.item';
            CREATE FUNCTION public.atomic(a integer, b integer DEFAULT 3) RETURNS integer LANGUAGE sql IMMUTABLE BEGIN ATOMIC
                SELECT a + b; SELECT count(*)::integer FROM public.item WHERE id > a; END;
            CREATE FUNCTION public.returning(a integer) RETURNS text LANGUAGE sql RETURN 'x;y' || a::text;
            CREATE FUNCTION public.overloaded() RETURNS integer LANGUAGE sql AS 'SELECT 0';
            CREATE FUNCTION public.overloaded(public.item) RETURNS integer LANGUAGE sql AS 'SELECT 1';
            CREATE FUNCTION public.overloaded(public.item[]) RETURNS integer LANGUAGE sql AS 'SELECT 2';
            CREATE PROCEDURE public."Do It"(INOUT x integer, y text DEFAULT 'a') LANGUAGE plpgsql AS $$ BEGIN x := x + 1;
                COMMIT; END $$;
            CREATE FUNCTION public.win() RETURNS bigint LANGUAGE internal WINDOW IMMUTABLE AS 'window_row_number';
            CREATE FUNCTION public.crlf() RETURNS text LANGUAGE sql AS E'SELECT \'a\'\r\n|| \'b\'\t\r\n';
            CREATE FUNCTION public.supported(text, text) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT SUPPORT
                pg_catalog.textlike_support AS 'textlike';
            CREATE FUNCTION public.trig() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
            CREATE FUNCTION public.poly(anyelement, anyarray) RETURNS anyelement LANGUAGE sql CALLED ON NULL INPUT PARALLEL
                RESTRICTED AS 'SELECT $1';
            COMMENT ON FUNCTION public.overloaded(public.item) IS 'one ''item''';
            COMMENT ON PROCEDURE public."Do It"(integer, text) IS 'does it';
            REVOKE ALL ON FUNCTION public.plain(integer, text, numeric[]) FROM PUBLIC;
            GRANT EXECUTE ON FUNCTION public.plain(integer, text, numeric[]) TO pg_monitor WITH GRANT OPTION;
            GRANT EXECUTE ON PROCEDURE public."Do It"(integer, text) TO pg_monitor;
            ALTER TABLE public.item ADD COLUMN total integer DEFAULT public.atomic(1);
            ALTER TABLE public.item ADD CHECK (public.returning(id) <> '');
            CREATE FUNCTION public.grouped(n integer) RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT sum(total) FROM (SELECT
                id, "Na""me", total FROM public.item GROUP BY id) g; END;
            """);

    [Fact]
    public Task ReadAsync_Aggregates_ComeBackIdentical() =>
        SchemaRoundTrip.AssertIdenticalAsync(
            postgres,
            """
            CREATE FUNCTION public.add_state(numeric, integer) RETURNS numeric LANGUAGE sql IMMUTABLE AS
                'SELECT coalesce($1, 0) + $2';
            CREATE FUNCTION public.sub_state(numeric, integer) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT $1 - $2';
            CREATE FUNCTION public.final(numeric) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'Σ ' || $1 $$;
            CREATE FUNCTION public.final_extra(numeric, integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'Σ ' || $1
                $$;
            CREATE FUNCTION public.any_state(numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT $1';
            CREATE AGGREGATE public.total(integer) (SFUNC = public.add_state, STYPE = numeric, SSPACE = 64, INITCOND = '0',
                FINALFUNC = public.final, FINALFUNC_MODIFY = SHAREABLE, COMBINEFUNC = numeric_add,
                MSFUNC = public.add_state, MINVFUNC = public.sub_state, MSTYPE = numeric, MSSPACE = 32, MINITCOND = '0',
                MFINALFUNC = public.final, PARALLEL = SAFE);
            CREATE AGGREGATE public."Extra ""One"(integer) (SFUNC = public.add_state, STYPE = numeric, FINALFUNC =
                public.final_extra, FINALFUNC_EXTRA, FINALFUNC_MODIFY = READ_WRITE, MSFUNC = public.add_state, MINVFUNC =
                public.sub_state, MSTYPE = numeric, MFINALFUNC = public.final_extra, MFINALFUNC_EXTRA, MFINALFUNC_MODIFY =
                READ_WRITE);
            CREATE AGGREGATE public.counted(*) (SFUNC = public.any_state, STYPE = numeric, INITCOND = '7', PARALLEL =
                RESTRICTED);
            CREATE AGGREGATE public.smallest(integer) (SFUNC = int4smaller, STYPE = integer, SORTOP = OPERATOR(pg_catalog.<));
            CREATE AGGREGATE public.my_avg(bigint) (SFUNC = int8_avg_accum, STYPE = internal, FINALFUNC = numeric_poly_avg,
                COMBINEFUNC = int8_avg_combine, SERIALFUNC = int8_avg_serialize, DESERIALFUNC = int8_avg_deserialize, PARALLEL
                = SAFE);
            CREATE AGGREGATE public.my_percentile(float8 ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE =
                internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);
            CREATE AGGREGATE public.my_rank(VARIADIC "any" ORDER BY VARIADIC "any") (SFUNC = ordered_set_transition_multi,
                STYPE = internal, FINALFUNC = rank_final, FINALFUNC_EXTRA, HYPOTHETICAL);
            CREATE AGGREGATE public.joined(VARIADIC parts text[]) (SFUNC = array_cat, STYPE = text[], INITCOND =
                E'{"it''s \\\\"}');
            COMMENT ON AGGREGATE public.my_percentile(float8 ORDER BY anyelement) IS 'a percentile';
            COMMENT ON AGGREGATE public.counted(*) IS 'counted';
            GRANT EXECUTE ON FUNCTION public.my_percentile(float8, anyelement) TO pg_monitor;
            REVOKE ALL ON FUNCTION public.counted() FROM PUBLIC;
            CREATE VIEW public.uses AS SELECT public.total(x) AS t, public.counted(*) FROM generate_series(1, 3) x;
            """);

    [Fact]
    public async Task ReadAsync_ParsedBodiesInCircles_ComeBack()
    {
        var source = await postgres.CreateDatabaseAsync();
        await SchemaRoundTrip.RunScriptAsync(
            source,
            """
            CREATE FUNCTION even(n integer) RETURNS boolean LANGUAGE sql AS 'SELECT true';
            CREATE FUNCTION odd(n integer) RETURNS boolean LANGUAGE sql BEGIN ATOMIC; SELECT n > 0 AND even(n - 1); END;
            CREATE OR REPLACE FUNCTION even(n integer) RETURNS boolean LANGUAGE sql RETURN n = 0 OR odd(n - 1);
            CREATE FUNCTION again(n integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
            CREATE OR REPLACE FUNCTION again(n integer) RETURNS integer LANGUAGE sql RETURN again(n - 1);
            CREATE FUNCTION first() RETURNS integer LANGUAGE sql IMMUTABLE RETURN 0;
            CREATE FUNCTION all_to(n integer, so_far integer DEFAULT first()) RETURNS integer LANGUAGE sql AS 'SELECT 1';
            CREATE OR REPLACE FUNCTION all_to(n integer, so_far integer DEFAULT first()) RETURNS integer LANGUAGE sql
                RETURN CASE WHEN n > 0 THEN all_to(n - 1, so_far + n) ELSE so_far END;
            CREATE DOMAIN label AS text;
            CREATE FUNCTION next_label(label) RETURNS text LANGUAGE sql AS $$ SELECT $1 || 'x' $$;
            ALTER DOMAIN label SET DEFAULT next_label('a'::label);
            CREATE TABLE grouped (id integer PRIMARY KEY, n bigint);
            CREATE FUNCTION groups() RETURNS bigint LANGUAGE sql BEGIN ATOMIC;
                SELECT count(*) FROM (SELECT g.id, g.n FROM grouped g GROUP BY g.id) s; END;
            ALTER TABLE grouped ALTER n SET DEFAULT groups();
            CREATE FUNCTION counted() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
            CREATE MATERIALIZED VIEW counts AS SELECT counted() AS n;
            CREATE OR REPLACE FUNCTION counted() RETURNS bigint LANGUAGE sql BEGIN ATOMIC; SELECT count(*) FROM counts; END;
            """);
        var target = await SchemaRoundTrip.RestoreAsync(postgres, await SchemaRoundTrip.ReadAsync(source, TableSelection.Everything));

        // pg_dump itself cannot order these.
        Assert.Equal(await DefinitionsAsync(source), await DefinitionsAsync(target));
    }

    [Fact]
    public Task ReadAsync_CastAndOperatorOfFunctionsThatNeedAKey_ComeBackIdentical() =>
        SchemaRoundTrip.AssertIdenticalAsync(
            postgres,
            """
            CREATE TABLE item (id integer PRIMARY KEY, name text);
            CREATE TYPE label AS (name text);
            CREATE FUNCTION label_of(integer) RETURNS label LANGUAGE sql STABLE BEGIN ATOMIC
                SELECT ROW(i.name)::label FROM item i WHERE i.id = $1 GROUP BY i.id; END;
            CREATE CAST (integer AS label) WITH FUNCTION label_of(integer);
            CREATE FUNCTION is_called(integer, text) RETURNS boolean LANGUAGE sql STABLE BEGIN ATOMIC
                SELECT i.name = $2 FROM item i WHERE i.id = $1 GROUP BY i.id; END;
            CREATE OPERATOR =~= (LEFTARG = integer, RIGHTARG = text, FUNCTION = is_called);
            CREATE VIEW called AS SELECT 1 =~= 'x' AS is_x, 1::label AS label;
            """);

    [Fact]
    public async Task ReadAsync_AggregateThatGoesWithAnExtension_StillDoes()
    {
        var schema = await SchemaRoundTrip.AssertIdenticalAsync(
            postgres,
            """
            CREATE EXTENSION citext;
            CREATE AGGREGATE median(text ORDER BY integer) (SFUNC = int4pl, STYPE = integer, INITCOND = 0);
            ALTER FUNCTION median(text, integer) DEPENDS ON EXTENSION citext;
            """);

        Assert.EndsWith(
            "ALTER FUNCTION public.median(text, integer) DEPENDS ON EXTENSION citext;\n",
            Assert.Single(schema.Entries, entry => entry.Kind == "AGGREGATE").Create);
    }

    private static async Task<string?> DefinitionsAsync(string database)
    {
        await using var connection = await PostgresFixture.OpenAsync(database);
        await using var command = new NpgsqlCommand(
            """
            SELECT concat_ws(E'\n',
                (SELECT string_agg(pg_get_functiondef(oid), E'\n' ORDER BY proname COLLATE "C") FROM pg_proc WHERE pronamespace = 'public'::regnamespace),
                (SELECT string_agg(pg_get_expr(adbin, adrelid), E'\n' ORDER BY adrelid::regclass::text, adnum) FROM pg_attrdef),
                (SELECT string_agg(pg_get_expr(typdefaultbin, 0), E'\n' ORDER BY typname COLLATE "C") FROM pg_type WHERE typnamespace = 'public'::regnamespace))
            """,
            connection);
        return (string?)await command.ExecuteScalarAsync();
    }
}

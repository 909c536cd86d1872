using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.Schema;

[Collection(RestoreCollection.Name)]
public sealed class OperatorAndTextSearchSchemaTests(PostgresFixture postgres)
{
    [Fact]
    public Task ReadAsync_Collations_ComeBackIdentical() =>
        SchemaRoundTrip.AssertIdenticalAsync(
            postgres,
            """
            CREATE COLLATION public.german (provider = icu, locale = 'de-DE');
            CREATE COLLATION public."Case ""less" (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
            CREATE COLLATION public.posix_like (provider = libc, lc_collate = 'C', lc_ctype = 'POSIX');
            CREATE COLLATION public.plain_c FROM "C";
            COMMENT ON COLLATION public.german IS 'it''s german';
            CREATE TABLE public.uses (t text COLLATE public.german, u text COLLATE public."Case ""less" UNIQUE);
            CREATE DOMAIN public.d AS text COLLATE public."Case ""less";
            """);

    [Fact]
    public Task ReadAsync_Casts_ComeBackIdentical() =>
        SchemaRoundTrip.AssertIdenticalAsync(
            postgres,
            """
            CREATE TYPE public.pair AS (a integer, b integer);
            CREATE TYPE public.mood AS ENUM ('a', 'b');
            CREATE FUNCTION public.to_pair(text) RETURNS public.pair LANGUAGE sql IMMUTABLE AS $$ SELECT ROW(1,
                2)::public.pair $$;
            CREATE CAST (text AS public.pair) WITH FUNCTION public.to_pair(text) AS ASSIGNMENT;
            CREATE CAST (public.mood AS text) WITH INOUT AS IMPLICIT;
            CREATE CAST (varchar AS public.mood) WITH INOUT;
            COMMENT ON CAST (text AS public.pair) IS 'a cast';
            CREATE VIEW public.v AS SELECT 'x'::text::public.pair AS p;
            """);

    [Fact]
    public Task ReadAsync_OperatorsAndClasses_ComeBackIdentical() =>
        SchemaRoundTrip.AssertIdenticalAsync(
            postgres,
            """
            CREATE TYPE public.pt AS (x integer, y integer);
            CREATE FUNCTION public.pt_lt(public.pt, public.pt) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS
                'SELECT $1.x < $2.x';
            CREATE FUNCTION public.pt_le(public.pt, public.pt) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS
                'SELECT $1.x <= $2.x';
            CREATE FUNCTION public.pt_eq(public.pt, public.pt) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS
                'SELECT $1.x = $2.x';
            CREATE FUNCTION public.pt_ge(public.pt, public.pt) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS
                'SELECT $1.x >= $2.x';
            CREATE FUNCTION public.pt_gt(public.pt, public.pt) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS
                'SELECT $1.x > $2.x';
            CREATE FUNCTION public.pt_cmp(public.pt, public.pt) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS
                'SELECT $1.x - $2.x';
            CREATE FUNCTION public.pt_hash(public.pt) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1.x';
            CREATE FUNCTION public.pt_neg(public.pt) RETURNS public.pt LANGUAGE sql IMMUTABLE AS 'SELECT $1';
            CREATE OPERATOR public.<< (LEFTARG = public.pt, RIGHTARG = public.pt, FUNCTION = public.pt_lt, COMMUTATOR =
                OPERATOR(public.>>), NEGATOR = OPERATOR(public.>>=), RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
            CREATE OPERATOR public.>> (LEFTARG = public.pt, RIGHTARG = public.pt, FUNCTION = public.pt_gt, COMMUTATOR =
                OPERATOR(public.<<), NEGATOR = OPERATOR(public.<<=), RESTRICT = scalargtsel, JOIN = scalargtjoinsel);
            CREATE OPERATOR public.<<= (LEFTARG = public.pt, RIGHTARG = public.pt, FUNCTION = public.pt_le, COMMUTATOR =
                OPERATOR(public.>>=), NEGATOR = OPERATOR(public.>>));
            CREATE OPERATOR public.>>= (LEFTARG = public.pt, RIGHTARG = public.pt, FUNCTION = public.pt_ge, COMMUTATOR =
                OPERATOR(public.<<=), NEGATOR = OPERATOR(public.<<));
            CREATE OPERATOR public.=== (LEFTARG = public.pt, RIGHTARG = public.pt, FUNCTION = public.pt_eq, COMMUTATOR =
                OPERATOR(public.===), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
            CREATE OPERATOR public.@-@ (RIGHTARG = public.pt, FUNCTION = public.pt_neg);
            CREATE OPERATOR FAMILY public."pt Family" USING btree;
            CREATE OPERATOR CLASS public.pt_ops FOR TYPE public.pt USING btree FAMILY public."pt Family" AS OPERATOR 1
                public.<<, OPERATOR 2 public.<<=, OPERATOR 3 public.===, OPERATOR 4 public.>>=, OPERATOR 5 public.>>, FUNCTION
                1 public.pt_cmp(public.pt, public.pt);
            CREATE OPERATOR CLASS public."hash ops" DEFAULT FOR TYPE public.pt USING hash AS OPERATOR 1 public.===, FUNCTION 1
                public.pt_hash(public.pt);
            CREATE FUNCTION public.pt_int_cmp(public.pt, integer) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS
                'SELECT $1.x - $2';
            CREATE FUNCTION public.pt_int_lt(public.pt, integer) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS
                'SELECT $1.x < $2';
            CREATE OPERATOR public.<< (LEFTARG = public.pt, RIGHTARG = integer, FUNCTION = public.pt_int_lt);
            ALTER OPERATOR FAMILY public."pt Family" USING btree ADD OPERATOR 1 public.<< (public.pt, integer), FUNCTION 1
                (public.pt, integer) public.pt_int_cmp(public.pt, integer);
            CREATE OPERATOR FAMILY public.empty_family USING gin;
            COMMENT ON OPERATOR public.<< (public.pt, public.pt) IS 'less';
            COMMENT ON OPERATOR CLASS public.pt_ops USING btree IS 'ops';
            COMMENT ON OPERATOR FAMILY public."pt Family" USING btree IS 'fam';
            CREATE TABLE public.uses (p public.pt);
            CREATE INDEX i ON public.uses (p public.pt_ops);
            CREATE VIEW public.v AS SELECT * FROM public.uses WHERE p OPERATOR(public.<<) ROW(1, 2)::public.pt;
            """);

    [Fact]
    public Task ReadAsync_TextSearchObjects_ComeBackIdentical() =>
        SchemaRoundTrip.AssertIdenticalAsync(
            postgres,
            """
            CREATE TEXT SEARCH PARSER public."My Parser" (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end,
                LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);
            CREATE TEXT SEARCH TEMPLATE public.my_template (INIT = dsimple_init, LEXIZE = dsimple_lexize);
            CREATE TEXT SEARCH DICTIONARY public."English ""stem" (TEMPLATE = snowball, LANGUAGE = english, STOPWORDS =
                english);
            CREATE TEXT SEARCH DICTIONARY public.simple_one (TEMPLATE = public.my_template, Accept = false);
            CREATE TEXT SEARCH CONFIGURATION public.docs (PARSER = default);
            ALTER TEXT SEARCH CONFIGURATION public.docs ADD MAPPING FOR asciiword, word WITH public.simple_one,
                public."English ""stem", simple;
            ALTER TEXT SEARCH CONFIGURATION public.docs ADD MAPPING FOR email WITH simple;
            CREATE TEXT SEARCH CONFIGURATION public."Own ""Parser" (PARSER = public."My Parser");
            COMMENT ON TEXT SEARCH CONFIGURATION public.docs IS 'docs';
            COMMENT ON TEXT SEARCH DICTIONARY public."English ""stem" IS 'stem';
            CREATE TABLE public.page (t text, v tsvector GENERATED ALWAYS AS (to_tsvector('public.docs'::regconfig, t))
                STORED);
            """);
}

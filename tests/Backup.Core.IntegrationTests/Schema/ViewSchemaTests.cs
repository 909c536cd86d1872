using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.Schema;

[Collection(RestoreCollection.Name)]
public sealed class ViewSchemaTests(PostgresFixture postgres)
{
    [Fact]
    public Task ReadAsync_Views_ComeBackIdentical() =>
        SchemaRoundTrip.AssertIdenticalAsync(
            postgres,
            """"
            CREATE TABLE public.person (id integer PRIMARY KEY, "Full Name" text, born date, boss integer);
            CREATE VIEW public.people AS SELECT id, "Full Name", born FROM public.person WHERE born > '1900-01-01' WITH LOCAL
                CHECK OPTION;
            CREATE VIEW public.cascaded WITH (security_barrier = true) AS SELECT * FROM public.people WHERE id > 0 WITH
                CASCADED CHECK OPTION;
            CREATE VIEW public."My ""View""" (a, "B b") WITH (security_invoker = on, security_barrier) AS SELECT id,
                "Full Name" || E' \\ it''s\n$$' FROM public.person;
            CREATE VIEW public.grouped AS SELECT p.id, p."Full Name", count(*) AS n FROM public.person p LEFT JOIN
                public.person q ON q.boss = p.id GROUP BY p.id;
            CREATE VIEW public.of_grouped AS SELECT * FROM public.grouped WHERE n > 1;
            CREATE RECURSIVE VIEW public.chain (id, depth) AS SELECT id, 0 FROM public.person WHERE boss IS NULL UNION ALL
                SELECT p.id, depth + 1 FROM public.person p JOIN chain c ON p.boss = c.id;
            ALTER VIEW public.people ALTER COLUMN born SET DEFAULT '2000-01-01'::date;
            ALTER VIEW public.people ALTER COLUMN "Full Name" SET DEFAULT E'it''s \\';
            CREATE VIEW public.one AS SELECT 1 AS x;
            CREATE VIEW public.two AS SELECT x FROM public.one;
            CREATE OR REPLACE VIEW public.one AS SELECT x FROM public.two;
            CREATE VIEW public.no_columns AS SELECT;
            CREATE FUNCTION public.count_two() RETURNS bigint LANGUAGE sql RETURN (SELECT count(*) FROM public.of_grouped);
            CREATE VIEW public.uses_function AS SELECT public.count_two() AS n;
            COMMENT ON VIEW public."My ""View""" IS 'a view';
            COMMENT ON COLUMN public."My ""View"""."B b" IS 'a column''s comment';
            COMMENT ON COLUMN public.grouped.n IS 'how many';
            GRANT SELECT, UPDATE ON public.people TO pg_monitor;
            GRANT SELECT ("Full Name"), INSERT (id) ON public.people TO pg_read_all_stats;
            GRANT SELECT ON public.one, public.grouped TO PUBLIC;
            """");

    [Fact]
    public Task ReadAsync_MaterializedViews_ComeBackIdentical() =>
        SchemaRoundTrip.AssertIdenticalAsync(
            postgres,
            """
            CREATE TABLE public.sale (id integer PRIMARY KEY, day date, amount numeric);
            INSERT INTO public.sale SELECT i, date '2024-01-01' + i % 10, i FROM generate_series(1, 100) i;
            CREATE VIEW public.daily_view AS SELECT day, sum(amount) AS amount FROM public.sale GROUP BY day;
            CREATE MATERIALIZED VIEW public.zz_first AS SELECT * FROM public.daily_view;
            CREATE VIEW public.between_them AS SELECT * FROM public.zz_first;
            CREATE MATERIALIZED VIEW public.aa_second WITH (fillfactor = 70, autovacuum_enabled = false) AS SELECT day, amount
                * 2 AS "Double" FROM public.between_them;
            CREATE MATERIALIZED VIEW public."Empty One" AS SELECT * FROM public.sale WITH NO DATA;
            CREATE MATERIALIZED VIEW public.by_key AS SELECT s.id, s.day, count(*) AS n FROM public.sale s JOIN public.sale t
                ON t.day = s.day GROUP BY s.id;
            CREATE VIEW public.whole_rows AS SELECT k AS whole FROM public.by_key k;
            CREATE SEQUENCE public.of_whole_rows OWNED BY public.whole_rows.whole;
            ALTER VIEW public.whole_rows ALTER whole SET DEFAULT NULL;
            CREATE UNIQUE INDEX "by day" ON public.aa_second (day);
            CREATE INDEX ON public.by_key (n) WHERE n > 3;
            ALTER TABLE public.aa_second CLUSTER ON "by day";
            ALTER MATERIALIZED VIEW public.aa_second ALTER COLUMN "Double" SET STATISTICS 77;
            ALTER MATERIALIZED VIEW public.aa_second ALTER COLUMN "Double" SET (n_distinct = 5);
            ALTER MATERIALIZED VIEW public.aa_second ALTER COLUMN "Double" SET STORAGE EXTERNAL;
            COMMENT ON MATERIALIZED VIEW public.aa_second IS 'second';
            COMMENT ON COLUMN public.aa_second."Double" IS 'twice';
            GRANT SELECT ON public.aa_second TO pg_monitor;
            """);
}

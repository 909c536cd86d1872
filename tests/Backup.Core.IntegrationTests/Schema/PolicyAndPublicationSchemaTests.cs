using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.Schema;

[Collection(RestoreCollection.Name)]
public sealed class PolicyAndPublicationSchemaTests(PostgresFixture postgres)
{
    [Fact]
    public Task ReadAsync_Policies_ComeBackIdentical() =>
        SchemaRoundTrip.AssertIdenticalAsync(
            postgres,
            """"
            CREATE TABLE public.doc (id integer, "Ow""ner" name, body text);
            CREATE FUNCTION public.may(n name) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT n = current_user';
            ALTER TABLE public.doc ENABLE ROW LEVEL SECURITY;
            ALTER TABLE public.doc FORCE ROW LEVEL SECURITY;
            CREATE POLICY everyone ON public.doc USING (true);
            CREATE POLICY "read ""own""" ON public.doc FOR SELECT TO pg_monitor, pg_read_all_stats USING
                (public.may("Ow""ner") AND body <> E'it''s \\ \n $$');
            CREATE POLICY ins ON public.doc AS RESTRICTIVE FOR INSERT TO PUBLIC WITH CHECK ("Ow""ner" = CURRENT_USER);
            CREATE POLICY upd ON public.doc FOR UPDATE USING (id > 1) WITH CHECK (id > (SELECT min(d.id) FROM public.doc d));
            CREATE POLICY del ON public.doc FOR DELETE USING (false);
            CREATE TABLE public.other (id integer);
            CREATE POLICY without_rls ON public.other USING (EXISTS (SELECT FROM public.doc WHERE doc.id = other.id));
            COMMENT ON POLICY upd ON public.doc IS 'updates';
            """");

    [Fact]
    public Task ReadAsync_Publications_ComeBackIdentical() =>
        SchemaRoundTrip.AssertIdenticalAsync(
            postgres,
            """"
            CREATE SCHEMA "Pub Schema";
            CREATE TABLE public.a (id integer PRIMARY KEY, "Na""me" text, secret text);
            CREATE TABLE "Pub Schema".b (id integer PRIMARY KEY);
            CREATE TABLE public.parted (id integer) PARTITION BY RANGE (id);
            CREATE TABLE public.part PARTITION OF public.parted DEFAULT;
            CREATE PUBLICATION everything FOR ALL TABLES;
            CREATE PUBLICATION nothing;
            CREATE PUBLICATION "Some ""Tables""" FOR TABLE public.a (id, "Na""me") WHERE (id > 3 AND "Na""me" <> E'it''s \\'),
                public.parted WITH (publish = 'insert, delete', publish_via_partition_root = true);
            CREATE PUBLICATION by_schema FOR TABLES IN SCHEMA "Pub Schema", TABLE public.a WITH (publish = '');
            COMMENT ON PUBLICATION nothing IS 'it''s nothing';
            """");

    [Fact]
    public Task ReadAsync_DefaultPrivileges_ComeBackIdentical() =>
        SchemaRoundTrip.AssertIdenticalAsync(
            postgres,
            """
            CREATE SCHEMA "App";
            ALTER DEFAULT PRIVILEGES IN SCHEMA "App" GRANT SELECT, INSERT ON TABLES TO pg_monitor;
            ALTER DEFAULT PRIVILEGES IN SCHEMA "App" GRANT USAGE ON SEQUENCES TO pg_monitor WITH GRANT OPTION;
            ALTER DEFAULT PRIVILEGES IN SCHEMA "App" GRANT EXECUTE ON FUNCTIONS TO pg_monitor;
            ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
            ALTER DEFAULT PRIVILEGES REVOKE USAGE ON TYPES FROM PUBLIC;
            ALTER DEFAULT PRIVILEGES GRANT ALL ON SCHEMAS TO pg_read_all_stats;
            ALTER DEFAULT PRIVILEGES REVOKE INSERT ON TABLES FROM postgres;
            ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC;
            CREATE TABLE "App".t (id serial);
            CREATE FUNCTION "App".f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
            """);
}

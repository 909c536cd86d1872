using System.Data;
using Backup.Core.Errors;
using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;
using Backup.TestKit.PostgreSql;
using Npgsql;

namespace Backup.Core.IntegrationTests.Schema;

[Collection(RestoreCollection.Name)]
public sealed class ServerObjectSchemaTests(PostgresFixture postgres)
{
    [Fact]
    public Task ReadAsync_ForeignServersAndTables_ComeBackIdentical() =>
        SchemaRoundTrip.AssertIdenticalAsync(
            postgres,
            """
            CREATE FOREIGN DATA WRAPPER "Dummy Wrapper" OPTIONS ("debug it" E'it''s \\', x 'y');
            CREATE SERVER "My Server" TYPE 'a''type' VERSION '1.2' FOREIGN DATA WRAPPER "Dummy Wrapper" OPTIONS (host 'x',
                "Po rt" '1');
            CREATE SERVER plain FOREIGN DATA WRAPPER "Dummy Wrapper";
            CREATE USER MAPPING FOR PUBLIC SERVER "My Server" OPTIONS (usr 'a', pw E's\\ec''ret');
            CREATE USER MAPPING FOR postgres SERVER "My Server";
            CREATE FOREIGN TABLE public."Far ""Away" (id integer OPTIONS (column_name 'ID') NOT NULL, name text COLLATE "C"
                DEFAULT 'x', CONSTRAINT positive CHECK (id > 0)) SERVER "My Server" OPTIONS (tbl 'it''s');
            CREATE FOREIGN TABLE public.bare () SERVER plain;
            COMMENT ON FOREIGN DATA WRAPPER "Dummy Wrapper" IS 'w';
            COMMENT ON SERVER plain IS 's';
            COMMENT ON FOREIGN TABLE public.bare IS 'ft';
            GRANT USAGE ON FOREIGN SERVER plain TO pg_monitor;
            GRANT USAGE ON FOREIGN DATA WRAPPER "Dummy Wrapper" TO pg_monitor;
            GRANT SELECT ON public.bare TO pg_monitor;
            CREATE TABLE public.parted (id integer NOT NULL, k integer) PARTITION BY LIST (k);
            CREATE FOREIGN TABLE public.far_part PARTITION OF public.parted FOR VALUES IN (1) SERVER plain OPTIONS (a 'b');
            CREATE TABLE public.mother (id integer NOT NULL, note text);
            CREATE FOREIGN TABLE public.far_child (extra text) INHERITS (public.mother) SERVER plain;
            ALTER FOREIGN TABLE public.far_child ALTER COLUMN extra SET STATISTICS 33;
            ALTER FOREIGN TABLE public.far_child ADD CONSTRAINT unchecked CHECK (id > 3) NOT VALID;
            CREATE TRIGGER t AFTER INSERT ON public.far_child FOR EACH ROW EXECUTE FUNCTION
                suppress_redundant_updates_trigger();
            GRANT SELECT (id), UPDATE (note) ON public.far_child TO pg_monitor;
            COMMENT ON COLUMN public.far_child.extra IS 'extra';
            CREATE VIEW public.over_it AS SELECT * FROM public.far_child;
            """);

    [Fact]
    public Task ReadAsync_LanguagesTransformsConversionsAndAccessMethods_ComeBackIdentical() =>
        SchemaRoundTrip.AssertIdenticalAsync(
            postgres,
            """
            CREATE CONVERSION public.my_conv FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
            CREATE DEFAULT CONVERSION public."My ""default" FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1;
            COMMENT ON CONVERSION public.my_conv IS 'c';
            CREATE LANGUAGE "My Lang" HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;
            CREATE TRUSTED LANGUAGE trusty HANDLER plpgsql_call_handler;
            COMMENT ON LANGUAGE trusty IS 'l';
            GRANT USAGE ON LANGUAGE trusty TO pg_monitor;
            CREATE FUNCTION public.in_lang() RETURNS integer LANGUAGE trusty AS 'BEGIN RETURN 1; END';
            CREATE FUNCTION public.hs(internal) RETURNS internal LANGUAGE internal IMMUTABLE STRICT AS 'bpcharsend';
            CREATE TRANSFORM FOR integer LANGUAGE trusty (FROM SQL WITH FUNCTION prsd_lextype(internal), TO SQL WITH FUNCTION
                int4recv(internal));
            COMMENT ON TRANSFORM FOR integer LANGUAGE trusty IS 't';
            CREATE FUNCTION public.with_transform(i integer) RETURNS integer LANGUAGE trusty TRANSFORM FOR TYPE integer AS
                'BEGIN RETURN 1; END';
            CREATE ACCESS METHOD "My Heap" TYPE TABLE HANDLER heap_tableam_handler;
            CREATE ACCESS METHOD my_index TYPE INDEX HANDLER bthandler;
            COMMENT ON ACCESS METHOD my_index IS 'am';
            """);

    [Fact]
    public Task ReadAsync_Subscriptions_ComeBackIdentical() =>
        SchemaRoundTrip.AssertIdenticalAsync(
            postgres,
            """
            CREATE SUBSCRIPTION "My ""Sub" CONNECTION 'host=127.0.0.1 port=1 dbname=x password=it''s' PUBLICATION "A b", c
                WITH (connect = false, slot_name = NONE, binary = true, streaming = on, synchronous_commit = 'local', enabled
                = false, create_slot = false);
            CREATE SUBSCRIPTION plain CONNECTION 'host=127.0.0.1 port=1 dbname=x' PUBLICATION p WITH (connect = false);
            COMMENT ON SUBSCRIPTION plain IS 's';
            """);

    [Fact]
    public Task ReadAsync_DependenciesOnExtensionsAndPrivilegesOfTheServersOwnObjects_ComeBackIdentical() =>
        SchemaRoundTrip.AssertIdenticalAsync(
            postgres,
            """
            CREATE TABLE public.t (id integer);
            CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
            CREATE PROCEDURE public.p() LANGUAGE sql AS 'SELECT 1';
            CREATE TRIGGER "T r" BEFORE INSERT ON public.t FOR EACH ROW EXECUTE FUNCTION public.f();
            CREATE MATERIALIZED VIEW public.m AS SELECT * FROM public.t;
            CREATE INDEX i ON public.t (id);
            ALTER TABLE public.t ADD PRIMARY KEY (id);
            ALTER INDEX public.t_pkey DEPENDS ON EXTENSION plpgsql;
            ALTER FUNCTION public.f() DEPENDS ON EXTENSION plpgsql;
            ALTER PROCEDURE public.p() DEPENDS ON EXTENSION plpgsql;
            ALTER TRIGGER "T r" ON public.t DEPENDS ON EXTENSION plpgsql;
            ALTER MATERIALIZED VIEW public.m DEPENDS ON EXTENSION plpgsql;
            ALTER INDEX public.i DEPENDS ON EXTENSION plpgsql;
            REVOKE ALL ON FUNCTION pg_catalog.pg_sleep(double precision) FROM PUBLIC;
            GRANT EXECUTE ON FUNCTION pg_catalog.pg_ls_dir(text) TO pg_monitor;
            ALTER FUNCTION pg_catalog.pg_ls_dir(text) OWNER TO pg_monitor;
            REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC;
            """);

    [Fact]
    public async Task ReadAsync_ChangedPrivilegesOfSystemObjects_ComeBackIdentical()
    {
        var schema = await SchemaRoundTrip.AssertIdenticalAsync(
            postgres,
            """
            GRANT SELECT ON pg_catalog.pg_authid TO pg_monitor WITH GRANT OPTION;
            REVOKE SELECT ON pg_catalog.pg_settings FROM PUBLIC;
            GRANT SELECT (rolname, rolpassword) ON pg_catalog.pg_authid TO pg_read_all_stats;
            GRANT UPDATE (relname) ON pg_catalog.pg_class TO pg_monitor;
            REVOKE SELECT (subname) ON pg_catalog.pg_subscription FROM PUBLIC;
            GRANT CREATE ON SCHEMA pg_catalog TO pg_monitor;
            REVOKE USAGE ON TYPE pg_catalog.int4 FROM PUBLIC;
            GRANT USAGE ON TYPE pg_catalog."char" TO pg_monitor WITH GRANT OPTION;
            REVOKE EXECUTE ON FUNCTION pg_catalog.sum(integer), pg_catalog.count() FROM PUBLIC;
            """);

        Assert.Equal(
            ["char", "count(*)", "int4", "pg_authid", "pg_catalog", "pg_class", "pg_settings", "pg_subscription", "sum(integer)"],
            schema.Entries.Where(entry => entry.Kind == "ACL").Select(entry => entry.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task ReadAsync_WhatOtherSessionsMadeForThemselves_IsLeftOut()
    {
        var source = await postgres.CreateDatabaseAsync();
        await using var other = await PostgresFixture.OpenAsync(source);
        await using (var command = new NpgsqlCommand(
            """
            CREATE TABLE public.a (x integer);
            CREATE FUNCTION pg_temp.t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
            CREATE FUNCTION pg_temp.f(x integer DEFAULT 3) RETURNS integer LANGUAGE sql AS 'SELECT 1';
            CREATE TEMP TABLE own (a serial PRIMARY KEY, b integer CHECK (b > 0) DEFAULT pg_temp.f());
            CREATE TEMP TABLE child () INHERITS (public.a);
            CREATE TRIGGER t BEFORE INSERT ON own FOR EACH ROW EXECUTE FUNCTION pg_temp.t();
            CREATE RULE r AS ON DELETE TO own DO NOTHING;
            CREATE POLICY p ON own USING (true);
            ALTER TABLE own ENABLE ROW LEVEL SECURITY;
            CREATE TEMP VIEW v AS SELECT * FROM own;
            CREATE TYPE pg_temp.e AS ENUM ('a');
            CREATE DOMAIN pg_temp.d AS integer CHECK (VALUE > 0);
            CREATE AGGREGATE pg_temp.s(integer) (SFUNC = int4_sum, STYPE = bigint);
            CREATE STATISTICS public.st ON a, b FROM own;
            """,
            other))
        {
            await command.ExecuteNonQueryAsync();
        }

        var schema = await SchemaRoundTrip.ReadAsync(source, TableSelection.Everything);
        await SchemaRoundTrip.RestoreAsync(postgres, schema);

        Assert.Equal(["a"], schema.Entries.Select(entry => entry.Name).Distinct());
    }

    [Fact]
    public async Task ReadAsync_MembersAddedToAFamilyOfTheServer_ComeBack()
    {
        var schema = await SchemaRoundTrip.AssertIdenticalAsync(
            postgres,
            """
            CREATE FUNCTION public.before(integer, xid) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
            CREATE FUNCTION public.compare(integer, xid) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT -1';
            CREATE OPERATOR public.<# (FUNCTION = public.before, LEFTARG = integer, RIGHTARG = xid);
            ALTER OPERATOR FAMILY integer_ops USING btree ADD
                OPERATOR 1 public.<# (integer, xid), FUNCTION 1 (integer, xid) public.compare(integer, xid);
            """);

        var family = Assert.Single(schema.Entries, entry => entry is { Kind: "OPERATOR FAMILY", Schema: "pg_catalog" });
        Assert.Equal(
            "ALTER OPERATOR FAMILY pg_catalog.integer_ops USING btree ADD\n    OPERATOR 1 public.<#(integer,xid),\n"
                + "    FUNCTION 1 (integer, xid) public.compare(integer,xid);\n",
            family.Create);
    }

    [Fact]
    public async Task ReadAsync_UserMappingWhoseOptionsAreHidden_FailsAndNamesIt()
    {
        var source = await postgres.CreateDatabaseAsync();
        await SchemaRoundTrip.RunScriptAsync(
            source,
            """
            CREATE FOREIGN DATA WRAPPER w;
            CREATE SERVER s FOREIGN DATA WRAPPER w;
            CREATE USER MAPPING FOR postgres SERVER s OPTIONS (password 'secret');
            """);
        await using var connection = await PostgresFixture.OpenAsync(source);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead);
        await using (var command = new NpgsqlCommand("SET LOCAL ROLE pg_monitor", connection))
        {
            await command.ExecuteNonQueryAsync();
        }

        // Those of one schema do not need it; what needs it must not come without its options.
        await SchemaReader.ReadAsync(connection, new TableSelection { IncludeSchemas = ["public"] }, CancellationToken.None);
        var error = await Assert.ThrowsAsync<DatabaseException>(
            () => SchemaReader.ReadAsync(connection, TableSelection.Everything, CancellationToken.None));

        Assert.Equal("USER MAPPING FOR postgres SERVER s", error.Subject);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }
}

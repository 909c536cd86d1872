using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.Schema;

[Collection(PostgresFixture.Collection)]
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
            COMMENT ON FOREIGN DATA WRAPPER "Dummy Wrapper" IS 'w';
            COMMENT ON SERVER plain IS 's';
            GRANT USAGE ON FOREIGN SERVER plain TO pg_monitor;
            GRANT USAGE ON FOREIGN DATA WRAPPER "Dummy Wrapper" TO pg_monitor;
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
}

using Backup.Core.Postgres;
using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.Schema;

/// <summary>PostgreSQL brings no provider of labels, so those of a table are put into its catalog by hand, and pg_dump tells what they mean.</summary>
[Collection(RestoreCollection.Name)]
public sealed class SecurityLabelSchemaTests(PostgresFixture postgres)
{
    [Fact]
    public async Task ReadAsync_SecurityLabels_AreThoseOfPgDump()
    {
        var source = await postgres.CreateDatabaseAsync();
        await SchemaRoundTrip.RunScriptAsync(
            source,
            """"
            CREATE SCHEMA "L s";
            CREATE TABLE "L s"."labelled ""t""" (id integer, "It's" text);
            CREATE VIEW public.v AS SELECT 1 AS one;
            CREATE FUNCTION public.f(integer, VARIADIC text[]) RETURNS integer LANGUAGE sql AS 'SELECT 1';
            CREATE DOMAIN public.d AS integer;
            CREATE SEQUENCE public.s;
            INSERT INTO pg_seclabel (classoid, objoid, objsubid, provider, label) VALUES
                (1259, '"L s"."labelled ""t"""'::regclass, 0, 'dummy', 'it''s secret'),
                (1259, '"L s"."labelled ""t"""'::regclass, 2, 'dummy', 'column'),
                (1259, '"L s"."labelled ""t"""'::regclass, 0, 'Other "one"', 'two'),
                (1259, 'public.v'::regclass, 0, 'dummy', 'view'), (1259, 'public.v'::regclass, 1, 'dummy', 'view column'),
                (1259, 'public.s'::regclass, 0, 'dummy', 'sequence'), (1255, 'public.f(integer, text[])'::regprocedure, 0, 'dummy', 'function'),
                (1247, 'public.d'::regtype, 0, 'dummy', 'domain'), (2615, '"L s"'::regnamespace, 0, 'dummy', 'schema');
            """");

        var schema = await SchemaRoundTrip.ReadAsync(source, TableSelection.Everything);

        var expected = Labels(await PgDump.SchemaAsync(source));
        Assert.Equal(9, expected.Count);
        Assert.Equal(expected, Labels(string.Concat(schema.Entries.Where(entry => entry.Kind == "SECURITY LABEL").Select(entry => entry.Create))));
    }

    private static List<string> Labels(string script) =>
        [.. script.Split('\n').Where(line => line.StartsWith("SECURITY LABEL", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
}

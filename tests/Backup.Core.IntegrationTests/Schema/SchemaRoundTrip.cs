using System.Data;
using System.Text;
using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;
using Backup.TestKit.PostgreSql;
using Backup.TestKit.Tools;

namespace Backup.Core.IntegrationTests.Schema;

/// <summary>Makes a database's schema again in an empty database, with psql alone, and compares the two with pg_dump.</summary>
internal static class SchemaRoundTrip
{
    /// <summary>Makes a database from the statements and asserts that its schema comes back as it is.</summary>
    public static async Task<DatabaseSchema> AssertIdenticalAsync(PostgresFixture postgres, string statements)
    {
        var source = await postgres.CreateDatabaseAsync();
        await RunScriptAsync(source, statements);
        return await AssertIdenticalToAsync(postgres, source);
    }

    /// <summary>Asserts that the schema of a database comes back as it is.</summary>
    /// <param name="postgres">The server.</param>
    /// <param name="source">The connection string of the database.</param>
    public static async Task<DatabaseSchema> AssertIdenticalToAsync(PostgresFixture postgres, string source)
    {
        var schema = await ReadAsync(source, TableSelection.Everything);
        var target = await RestoreAsync(postgres, schema);
        AssertSameLines(await PgDump.SchemaAsync(source), await PgDump.SchemaAsync(target));
        return schema;
    }

    /// <summary>Reads a schema as a backup does, inside a read-only transaction.</summary>
    public static async Task<DatabaseSchema> ReadAsync(string source, TableSelection selection)
    {
        await using var connection = await PostgresFixture.OpenAsync(source);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead);
        return await SchemaReader.ReadAsync(connection, selection, CancellationToken.None);
    }

    /// <summary>Makes the schema in a new database, section by section.</summary>
    /// <returns>The new database's connection string.</returns>
    public static async Task<string> RestoreAsync(PostgresFixture postgres, DatabaseSchema schema)
    {
        var target = await postgres.CreateDatabaseAsync();
        foreach (var section in Enum.GetValues<TocSection>())
        {
            using var script = new MemoryStream();
            await SchemaScript.WriteAsync(script, schema, section, CancellationToken.None);
            await RunScriptAsync(target, Encoding.UTF8.GetString(script.ToArray()));
        }

        return target;
    }

    /// <summary>Runs statements with psql, which stops at the first that fails.</summary>
    public static async Task RunScriptAsync(string database, string statements)
    {
        var result = await ExternalTool.RunAsync(
            new ToolCommand("psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null")
            {
                Variables = PgDump.ConnectionVariables(database),
                StandardInput = statements,
            },
            CancellationToken.None);
        result.EnsureSuccess();
    }

    // The first lines that differ, with what stands before them: a whole dump in a message helps nobody.
    private static void AssertSameLines(string expected, string actual)
    {
        var left = expected.Split('\n');
        var right = actual.Split('\n');
        var first = left.Zip(right).TakeWhile(pair => pair.First == pair.Second).Count();
        if (first < left.Length || first < right.Length)
        {
            var start = Math.Max(0, first - 6);
            Assert.Equal(string.Join('\n', left.Skip(start).Take(14)), string.Join('\n', right.Skip(start).Take(14)));
        }
    }
}

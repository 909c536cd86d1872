using System.Data;
using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Npgsql;

namespace Backup.TestKit.PostgreSql;

/// <summary>
/// One digest per table, materialized view and sequence of a database, to tell whether two databases hold the same data.
/// A table's digest is the number of its rows and the sum of the hashes of each row's COPY text: the order of rows does not
/// matter, how often each occurs does, and no row is kept in memory.
/// </summary>
public static class TableDigest
{
    private const string Relations = """
        SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname), c.relkind::text
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE (c.relkind IN ('r', 'S') OR (c.relkind = 'm' AND c.relispopulated))
           AND c.relpersistence <> 't' AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
         ORDER BY 1
        """;

    private const string Settings = """
        SET DateStyle = ISO; SET IntervalStyle = postgres; SET TimeZone = 'UTC'; SET extra_float_digits = 3;
        SET bytea_output = hex; SET row_security = off; SET statement_timeout = 0; SET lc_monetary = 'C'; SET search_path = ''
        """;

    /// <summary>Digests by qualified name, read in one snapshot.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(
        string connectionString, CancellationToken cancellationToken = default)
    {
        await using var connection = await PostgresFixture.OpenAsync(connectionString);
        await using var snapshot = await connection.BeginTransactionAsync(
            IsolationLevel.RepeatableRead, cancellationToken);
        await ExecuteAsync(connection, Settings, cancellationToken);
        var digests = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, kind) in await ListAsync(connection, cancellationToken))
        {
            digests[name] = kind == "S"
                ? await SequenceAsync(connection, name, cancellationToken)
                : await RowsAsync(connection, name, cancellationToken);
        }

        return digests;
    }

    /// <summary>What differs between two databases, a line each; empty when they hold the same.</summary>
    public static IReadOnlyList<string> Differences(
        IReadOnlyDictionary<string, string> expected, IReadOnlyDictionary<string, string> actual) =>
    [
        .. expected.Keys.Union(actual.Keys).Order(StringComparer.Ordinal)
            .Where(name => expected.GetValueOrDefault(name) != actual.GetValueOrDefault(name))
            .Select(name =>
                $"{name}: {expected.GetValueOrDefault(name, "missing")} became {actual.GetValueOrDefault(name, "missing")}"),
    ];

    private static async Task<List<(string Name, string Kind)>> ListAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Relations, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var relations = new List<(string, string)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            relations.Add((reader.GetString(0), reader.GetString(1)));
        }

        return relations;
    }

    private static async Task<string> SequenceAsync(NpgsqlConnection connection, string name, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT last_value || ' ' || is_called FROM {name}", connection);
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task<string> RowsAsync(NpgsqlConnection connection, string name, CancellationToken cancellationToken)
    {
        var sum = UInt128.Zero;
        var rows = 0L;
        using var reader = await connection.BeginTextExportAsync($"COPY (SELECT * FROM ONLY {name}) TO STDOUT", cancellationToken);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            sum += XxHash128.HashToUInt128(MemoryMarshal.AsBytes(line.AsSpan()));
            rows++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{rows} rows {sum:x32}");
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

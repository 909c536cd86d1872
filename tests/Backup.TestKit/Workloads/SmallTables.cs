using System.Globalization;
using Npgsql;

namespace Backup.TestKit.Workloads;

/// <summary>Thousands of tables of a few rows each, as applications with a schema for each tenant have.</summary>
public static class SmallTables
{
    private const int TablesPerSchema = 100;
    private const int RowsPerTable = 20;

    /// <summary>Fills an empty database; each table has a primary key and a default.</summary>
    public static async Task FillAsync(string connectionString, int tables, CancellationToken cancellationToken = default)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);

        // One transaction for each schema: all tables in one would need more locks than a server grants by default.
        for (var first = 0; first < tables; first += TablesPerSchema)
        {
            var last = Math.Min(first + TablesPerSchema, tables) - 1;
            var sql = string.Create(
                CultureInfo.InvariantCulture,
                $"""
                CREATE SCHEMA tenant_{first / TablesPerSchema};
                SET search_path = tenant_{first / TablesPerSchema};
                DO $$
                BEGIN
                  FOR t IN {first}..{last} LOOP
                    EXECUTE format('CREATE TABLE t%s (id integer PRIMARY KEY, name text NOT NULL, at date DEFAULT now())', t);
                    EXECUTE format('INSERT INTO t%s SELECT i, ''row '' || i, ''2026-01-01'' FROM generate_series(1, {RowsPerTable}) i', t);
                  END LOOP;
                END $$
                """);
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        await Settle.DownAsync(connection, cancellationToken);
    }
}

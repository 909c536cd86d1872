using Npgsql;

namespace Backup.TestKit.Databases;

/// <summary>
/// Accounts and the transfers between them in tables of their own (schema <c>ledger</c>). Any mixture of two instants breaks the
/// books, so a backup taken while <see cref="StartWriters"/> runs is right only if it shows one instant.
/// </summary>
public static class TransferLedger
{
    // The note makes accounts spread over many blocks, and updates move them from one to another.
    private const string Tables = """
        CREATE SCHEMA ledger;
        CREATE TABLE ledger.accounts (
            id integer PRIMARY KEY,
            opening numeric(12, 2) NOT NULL,
            balance numeric(12, 2) NOT NULL,
            note text NOT NULL
        ) WITH (fillfactor = 95);
        CREATE TABLE ledger.transfers (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            source integer NOT NULL REFERENCES ledger.accounts,
            target integer NOT NULL REFERENCES ledger.accounts,
            amount numeric(12, 2) NOT NULL CHECK (amount > 0),
            at timestamptz NOT NULL DEFAULT clock_timestamp()
        );
        """;

    private const string Check = """
        SELECT count(*),
               (SELECT count(*) FROM ledger.transfers),
               coalesce(sum(a.opening - a.balance), 0),
               count(*) FILTER (WHERE a.balance <> a.opening + coalesce(received.amount, 0) - coalesce(sent.amount, 0))
          FROM ledger.accounts a
          LEFT JOIN (SELECT target AS id, sum(amount) AS amount FROM ledger.transfers GROUP BY 1) received USING (id)
          LEFT JOIN (SELECT source AS id, sum(amount) AS amount FROM ledger.transfers GROUP BY 1) sent USING (id)
        """;

    /// <summary>Makes the tables with so many accounts and no transfer.</summary>
    public static async Task CreateAsync(string connectionString, int accounts, CancellationToken cancellationToken = default)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Tables, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
        command.CommandText =
            "INSERT INTO ledger.accounts SELECT n, 1000, 1000, repeat('Account ' || n || '. ', 20) FROM generate_series(1, $1) n";
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = accounts });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Starts so many connections that move money until the result is disposed.</summary>
    public static LedgerWriters StartWriters(string connectionString, int writers) => LedgerWriters.Start(connectionString, writers);

    /// <summary>Reads the books in one snapshot.</summary>
    public static async Task<LedgerState> CheckAsync(string connectionString, CancellationToken cancellationToken = default)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Check, connection) { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new LedgerState(reader.GetInt64(0), reader.GetInt64(1), reader.GetDecimal(2), reader.GetInt64(3));
    }
}

using System.Globalization;
using Npgsql;

namespace Backup.TestKit.Workloads;

/// <summary>The database that restores are measured on: rows with what makes a restore expensive, indexes and foreign keys.</summary>
public static class LinkedDatabase
{
    /// <summary>The number of accounts that documents refer to.</summary>
    public const int Accounts = 50_000;

    private const double DocsPart = 0.7;

    /// <summary>Fills an empty database.</summary>
    /// <param name="connectionString">The database.</param>
    /// <param name="bytes">The size of all rows as COPY text, about.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    public static async Task FillAsync(string connectionString, long bytes, CancellationToken cancellationToken = default)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        await new DocsTable().CreateAsync(connection, (long)(bytes * DocsPart), cancellationToken);
        await using var command = new NpgsqlCommand(Statements((long)(bytes * (1 - DocsPart))), connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
        await Settle.DownAsync(connection, cancellationToken);
    }

    // A row of events is about 50 bytes as COPY text.
    private static string Statements(long bytes) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        CREATE TABLE owners (id integer PRIMARY KEY, email text NOT NULL UNIQUE);
        INSERT INTO owners SELECT i, 'owner' || i || '@example.org' FROM generate_series(1, {Accounts / 10}) i;
        CREATE TABLE accounts (id integer PRIMARY KEY, owner_id integer NOT NULL REFERENCES owners, balance numeric(12,2) NOT NULL);
        INSERT INTO accounts SELECT i, 1 + i % {Accounts / 10}, i % 1000 FROM generate_series(1, {Accounts}) i;
        CREATE INDEX ON accounts (owner_id);
        CREATE TABLE events (
          id bigint PRIMARY KEY, doc_id bigint NOT NULL, account_id integer NOT NULL, at timestamptz NOT NULL, kind text NOT NULL);
        INSERT INTO events
          SELECT i, 1 + i % (SELECT max(id) FROM docs), 1 + i % {Accounts}, timestamptz '2026-01-01' + i * interval '1 second',
                 (ARRAY['opened', 'changed', 'closed'])[1 + i % 3]
          FROM generate_series(1, {bytes / 50}::bigint) i;
        CREATE INDEX ON docs (account_id);
        CREATE INDEX ON docs (created_at);
        CREATE INDEX ON docs (lower(title));
        CREATE INDEX ON events (doc_id);
        CREATE INDEX ON events (at) WHERE kind <> 'closed';
        ALTER TABLE docs ADD FOREIGN KEY (account_id) REFERENCES accounts;
        ALTER TABLE events ADD FOREIGN KEY (doc_id) REFERENCES docs;
        ALTER TABLE events ADD FOREIGN KEY (account_id) REFERENCES accounts;
        """);
}

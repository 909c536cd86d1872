using Npgsql;
using NpgsqlTypes;

namespace Backup.Core.Postgres;

/// <summary>Runs statements within the limit of their connection, whatever the data source that it comes from says.</summary>
internal static class Sql
{
    // A rollback takes no time where the server can be reached; where it cannot, nobody is to wait for it.
    private const int CleanUpSeconds = 5;

    /// <summary>Runs a statement that cleans up: not to be cancelled, and given up after a few seconds.</summary>
    public static async Task CleanUpAsync(CatalogLink connection, string text)
    {
        using var command = connection.Command(text);
        command.CommandTimeout = CleanUpSeconds;
        await command.ExecuteNonQueryAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Runs statements that return nothing; several may be joined by semicolons.</summary>
    public static async Task ExecuteAsync(CatalogLink connection, string text, CancellationToken cancellationToken)
    {
        using var command = connection.Command(text);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs a query and reads every row.</summary>
    public static Task<List<T>> QueryAsync<T>(
        CatalogLink connection, string text, Func<NpgsqlDataReader, T> readRow, CancellationToken cancellationToken) =>
        QueryAsync(connection, text, oids: null, readRow, cancellationToken);

    /// <summary>Runs a query whose one parameter, <c>$1</c>, is an array of oids, and reads every row.</summary>
    public static async Task<List<T>> QueryAsync<T>(
        CatalogLink connection, string text, uint[]? oids, Func<NpgsqlDataReader, T> readRow, CancellationToken cancellationToken)
    {
        using var command = connection.Command(text);
        if (oids is not null)
            command.Parameters.Add(new NpgsqlParameter<uint[]> { TypedValue = oids, NpgsqlDbType = NpgsqlDbType.Oid | NpgsqlDbType.Array });

        var rows = new List<T>();
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                rows.Add(readRow(reader));
        }

        return rows;
    }

    /// <summary>Runs a query and hands its rows on as they come.</summary>
    public static async Task ReadAsync(
        CatalogLink connection, string text, Action<NpgsqlDataReader> readRow, CancellationToken cancellationToken)
    {
        using var command = connection.Command(text);
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                readRow(reader);
        }
    }

    /// <summary>Runs a query of one row.</summary>
    public static async Task<T> SingleAsync<T>(
        CatalogLink connection, string text, Func<NpgsqlDataReader, T> readRow, CancellationToken cancellationToken) =>
        (await QueryAsync(connection, text, readRow, cancellationToken).ConfigureAwait(false)).Single();

    /// <summary>A row whose values are text and not null.</summary>
    public static string[] ReadTexts(NpgsqlDataReader row) => [.. Enumerable.Range(0, row.FieldCount).Select(row.GetString)];
}

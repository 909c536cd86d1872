using Npgsql;

namespace Backup.TestKit.Workloads;

/// <summary>
/// The database that backups are measured on: documents (44 % of the bytes), accounts (46 %) and a wide table (10 %), so that text,
/// row counts and output functions all have their part.
/// </summary>
public static class MixedDatabase
{
    private const double DocsPart = 0.44;
    private const double AccountsPart = 0.46;

    /// <summary>Fills an empty database.</summary>
    /// <param name="connectionString">The database.</param>
    /// <param name="bytes">The size of all rows as COPY text.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <returns>The number of rows.</returns>
    public static async Task<long> FillAsync(string connectionString, long bytes, CancellationToken cancellationToken = default)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        var docs = (long)(bytes * DocsPart);
        var accounts = (long)(bytes * AccountsPart);
        var rows = await new DocsTable().CreateAsync(connection, docs, cancellationToken)
            + await new AccountsTable().CreateAsync(connection, accounts, cancellationToken)
            + await new WideTable().CreateAsync(connection, bytes - docs - accounts, cancellationToken);
        await Settle.DownAsync(connection, cancellationToken);
        return rows;
    }
}

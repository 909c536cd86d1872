using System.Globalization;
using Npgsql;

namespace Backup.TestKit.Databases;

/// <summary>Rows in any amount for <see cref="ApplicationSchema"/>, made by the server itself.</summary>
public static class ApplicationData
{
    /// <summary>What one customer's share of all tables takes as COPY text; measured.</summary>
    private const long BytesPerUnit = 2700;

    private const long BytesPerMegabyte = 1_000_000;

    /// <summary>Adds about this many megabytes of COPY text; the same seed gives the same rows. Once per database.</summary>
    public static async Task FillAsync(
        string connectionString, int megabytes, int seed = 1, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(megabytes);
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var units = Math.Max(20, megabytes * BytesPerMegabyte / BytesPerUnit);
        await SqlScripts.ExecuteAsync(
            connection,
            string.Create(
                CultureInfo.InvariantCulture,
                $"SELECT set_config('fill.units', '{units}', true), set_config('fill.seed', '{seed}', true)"),
            cancellationToken);
        await SqlScripts.RunAsync(connection, ApplicationSchema.Folder + "fill.sql", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await SqlScripts.ExecuteAsync(connection, "ANALYZE", cancellationToken);
    }
}

using Npgsql;

namespace Backup.TestKit.Workloads;

/// <summary>Brings a freshly filled database into the state in which the first reader finds the same as the tenth.</summary>
internal static class Settle
{
    /// <summary>Freezes all rows and writes all dirty pages: otherwise the first run would pay for hint bits and write-backs.</summary>
    public static async Task DownAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        foreach (var statement in (string[])["VACUUM (FREEZE, ANALYZE)", "CHECKPOINT"])
        {
            await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}

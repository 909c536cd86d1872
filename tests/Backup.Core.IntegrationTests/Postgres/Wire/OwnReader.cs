using Backup.Core.Postgres;
using Backup.Core.Postgres.Wire;

namespace Backup.Core.IntegrationTests.Postgres.Wire;

/// <summary>Opens connections of the own reader, which Npgsql does not stand in for.</summary>
internal static class OwnReader
{
    public static async Task<DataConnection> OpenAsync(PostgresSource source)
    {
        try
        {
            return await WireConnection.OpenAsync(source.JudgeWire(new SnapshotOptions { Connections = 1 }).Target!, number: 1, default);
        }
        catch (Exception e) when (DatabaseFault.IsFromDriver(e))
        {
            throw DatabaseFault.OnConnect(e, source.Description);
        }
    }
}

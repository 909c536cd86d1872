using Backup.Core.Postgres;

namespace Backup.Core.Tests.Postgres.Wire;

/// <summary>A switch holds for the whole process: no other test runs meanwhile.</summary>
[CollectionDefinition(nameof(WireSwitchTests), DisableParallelization = true)]
[Collection(nameof(WireSwitchTests))]
public sealed class WireSwitchTests
{
    [Fact]
    public async Task JudgeWire_SwitchIsOn_LeavesRowsToNpgsqlAndSaysWhy()
    {
        await using var source = PostgresSource.FromConnectionString("Host=localhost;Username=me;Database=app");
        var options = new SnapshotOptions { Connections = 2 };
        Assert.NotNull(source.JudgeWire(options).Target);

        // As runtimeconfig.json sets it: the name is the documented one.
        AppContext.SetSwitch("Backup.Core.DisableWireProtocol", true);
        try
        {
            var judged = source.JudgeWire(options);
            Assert.Null(judged.Target);
            Assert.Equal("the reader of the wire protocol is turned off", judged.Reason);

            // Fewer connections then, as the coordinator's reads too.
            Assert.Equal(1, new DataConnections(source, options, judged, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance).MaxCount);
        }
        finally
        {
            AppContext.SetSwitch("Backup.Core.DisableWireProtocol", false);
        }

        Assert.NotNull(source.JudgeWire(options).Target);
    }
}

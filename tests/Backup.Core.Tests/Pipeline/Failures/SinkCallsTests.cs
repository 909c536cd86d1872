using Backup.Core.Archives;
using Backup.Core.Archives.Resuming;
using Backup.Core.Pipeline;
using Backup.Core.Pipeline.Failures;
using Backup.Core.Sinks;

namespace Backup.Core.Tests.Pipeline.Failures;

public sealed class SinkCallsTests
{
    [Fact]
    public async Task Completed_LeaseIsRenewed_IsNoProgress()
    {
        var calls = new SinkCalls("memory", new BackupTimeouts(), TimeProvider.System);
        var sink = new TimedSink(new InMemorySink(), calls);

        await using (var lease = await RunLease.AcquireAsync(sink, new BackupId("20261122T031500Z-7f3a"), TimeProvider.System, CancellationToken.None))
        {
            await lease.RenewAsync(CancellationToken.None);
        }

        Assert.Equal(0, calls.Completed);
    }
}

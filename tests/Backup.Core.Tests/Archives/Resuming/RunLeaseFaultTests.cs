using Backup.Core.Archives;
using Backup.Core.Archives.Resuming;
using Backup.Core.Errors;
using Backup.Core.Sinks;
using Backup.Core.Tests.Pipeline.Fakes;
using Backup.TestKit.Sinks;
using Microsoft.Extensions.Time.Testing;

namespace Backup.Core.Tests.Archives.Resuming;

public sealed class RunLeaseFaultTests
{
    private static readonly BackupId Run = new("20261122T031500Z-7f3a");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 3, 15, 0, TimeSpan.Zero));
    private readonly InMemorySink _memory = new();

    [Theory]
    [InlineData(SinkOperation.List, 1, false)]
    [InlineData(SinkOperation.Create, 1, false)]
    [InlineData(SinkOperation.Write, 1, false)]
    [InlineData(SinkOperation.Commit, 1, false)]
    [InlineData(SinkOperation.Commit, 1, true)]
    [InlineData(SinkOperation.List, 2, false)]
    public async Task AcquireAsync_CallFails_LeavesNoLease(SinkOperation operation, int call, bool isAnswerLost)
    {
        var sink = new FaultySink(_memory);
        _ = isAnswerLost ? sink.FailAfter(operation, call) : sink.FailAt(operation, call);

        await Assert.ThrowsAsync<SinkException>(() => RunLease.AcquireAsync(sink, Run, _time, CancellationToken.None));

        Assert.Empty(await RunScene.NamesAsync(_memory));
    }

    [Fact]
    public async Task AcquireAsync_LeasesOfDeadProcesses_AreDeleted()
    {
        await WriteLeaseAsync(1);
        await WriteLeaseAsync(2);
        _time.Advance(RunLease.Length * 2);

        var lease = await RunLease.AcquireAsync(_memory, Run, _time, CancellationToken.None);

        Assert.Equal([$"{Run}/lease-0003.json"], await RunScene.NamesAsync(_memory));
        await lease.DisposeAsync();
        Assert.Empty(await RunScene.NamesAsync(_memory));
    }

    [Fact]
    public async Task AcquireAsync_LeaseOfALivingProcess_ThrowsAndKeepsIt()
    {
        await WriteLeaseAsync(1);

        var exception = await Assert.ThrowsAsync<ResumeException>(() => RunLease.AcquireAsync(_memory, Run, _time, CancellationToken.None));

        Assert.True(exception.IsTransient);
        Assert.Equal([$"{Run}/lease-0001.json"], await RunScene.NamesAsync(_memory));
    }

    [Fact]
    public async Task ThrowIfLost_RenewalSucceedsAfterTheLeaseWasLost_Throws()
    {
        var sink = new HangingSink(_memory, SinkOperation.Write, heedsToken: false, "lease-0002.json");
        var lease = await RunLease.AcquireAsync(sink, Run, _time, CancellationToken.None);
        _time.Advance(RunLease.Length / 4);
        var renewal = lease.RenewAsync(CancellationToken.None).AsTask();
        await sink.Hangs;
        _time.Advance(RunLease.Length * 0.75);
        Assert.True(lease.Lost.IsCancellationRequested);

        sink.Release();
        await renewal;

        Assert.Throws<ResumeException>(lease.ThrowIfLost);
        await lease.DisposeAsync();
    }

    private ValueTask WriteLeaseAsync(int number) =>
        LeaseFile.WriteAsync(_memory, Run, number, new LeaseContent("other", _time.GetUtcNow() + RunLease.Length), CancellationToken.None);
}

using Backup.Core.Errors;
using Backup.Core.Sinks;
using Backup.TestKit.Contracts;
using Backup.TestKit.Sinks;

namespace Backup.Core.Tests.Sinks;

public sealed class FaultySinkTests : BackupSinkContract
{
    private readonly FaultySink _sink = new(new InMemorySink());

    protected override Task<IBackupSink> CreateSinkAsync() => Task.FromResult<IBackupSink>(_sink);

    [Fact]
    public async Task FailAt_SecondCommit_FailsThatOneAlone()
    {
        _sink.FailAt(SinkOperation.Commit, 2);

        await WriteAsync("a", [1]);
        await Assert.ThrowsAsync<SinkException>(() => WriteAsync("b", [1]));
        await WriteAsync("c", [1]);

        Assert.Equal(["a", "c"], (await ListAsync(string.Empty)).Select(item => item.Name));
        Assert.Equal(3, _sink.CountOf(SinkOperation.Commit));
        Assert.Equal(1, _sink.CountOf(SinkOperation.Abort));
    }

    [Fact]
    public async Task FailAfter_Commit_LeavesTheObjectThere()
    {
        _sink.FailAfter(SinkOperation.Commit, 1, () => new SinkException("lost answer"));

        var exception = await Assert.ThrowsAsync<SinkException>(() => WriteAsync("a", [1]));

        Assert.Equal("lost answer", exception.Message);
        Assert.Single(await ListAsync(string.Empty));
    }

    [Fact]
    public async Task FailOn_NameSuffix_FailsThoseAlone()
    {
        _sink.FailOn(SinkOperation.Write, "manifest.json");

        await WriteAsync("x/volume-0001.zip", [1]);
        await Assert.ThrowsAsync<SinkException>(() => WriteAsync("x/manifest.json", [1]));
    }

    [Fact]
    public async Task BreakAt_CallNumber_FailsAllFromThereUntilHealed()
    {
        _sink.BreakAt(2);

        await Assert.ThrowsAsync<SinkException>(() => WriteAsync("a", [1]));
        await Assert.ThrowsAsync<SinkException>(() => ListAsync(string.Empty));

        _sink.Heal();
        Assert.Empty(await ListAsync(string.Empty));
        Assert.Equal(["Create a", "Write a", "Abort a", "List ", "List "], _sink.Calls);
    }
}

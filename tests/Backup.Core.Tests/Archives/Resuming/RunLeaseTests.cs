using Backup.Core.Archives;
using Backup.Core.Archives.Resuming;
using Backup.Core.Errors;
using Backup.Core.Hosting;
using Backup.Core.Sinks;
using Backup.TestKit.Archives;
using Backup.TestKit.Sinks;
using Microsoft.Extensions.Time.Testing;

namespace Backup.Core.Tests.Archives.Resuming;

public sealed class RunLeaseTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 3, 15, 0, TimeSpan.Zero));
    private readonly InMemorySink _sink = new();

    [Fact]
    public async Task AcquireAsync_NobodyHasIt_WritesTheFirstAndDeletesItAtTheEnd()
    {
        await using (await AcquireAsync(_sink))
        {
            Assert.Equal(["lease-0001.json"], await NamesAsync());
        }

        Assert.Empty(await NamesAsync());
    }

    [Fact]
    public async Task AcquireAsync_SomeoneHasIt_NamesHim()
    {
        await using var first = await AcquireAsync(_sink);

        var exception = await Assert.ThrowsAsync<ResumeException>(() => AcquireAsync(_sink));

        Assert.Contains($"/{Environment.ProcessId}/", exception.Message, StringComparison.Ordinal);
        Assert.Equal(ArchiveBuilder.Id.Value, exception.Subject);
        Assert.False(first.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task AcquireAsync_OwnerIsDead_TakesTheNextNumber()
    {
        await LeaseFile.WriteAsync(_sink, ArchiveBuilder.Id, 7, new LeaseContent("dead/1/00", _time.GetUtcNow()), CancellationToken.None);

        await using var lease = await AcquireAsync(_sink);

        Assert.Contains("lease-0008.json", await NamesAsync());
    }

    [Fact]
    public async Task NeedAsync_Backups_AreInThisLeaseAndAllThatFollow()
    {
        await using var lease = await AcquireAsync(_sink);
        var parent = BackupId.Create(_time.GetUtcNow());

        await lease.NeedAsync([parent], CancellationToken.None);
        Assert.Equal([parent], (await LeaseFile.FindAsync(_sink, ArchiveBuilder.Id, CancellationToken.None)).Content!.Needs);
        await lease.RenewAsync(CancellationToken.None);
        Assert.Equal([parent], (await LeaseFile.FindAsync(_sink, ArchiveBuilder.Id, CancellationToken.None)).Content!.Needs);
        await lease.NeedAsync([], CancellationToken.None);

        var held = await LeaseFile.FindAsync(_sink, ArchiveBuilder.Id, CancellationToken.None);
        Assert.Equal(4, held.Number);
        Assert.Null(held.Content!.Needs);
    }

    [Fact]
    public async Task NeedAsync_AsManyAsThereMayBe_CanBeReadAgain()
    {
        await using var lease = await AcquireAsync(_sink);
        var needs = Enumerable.Range(0, LeaseFile.MaxNeeds).Select(number => BackupId.Create(_time.GetUtcNow().AddDays(number))).ToList();

        await lease.NeedAsync(needs, CancellationToken.None);

        Assert.Equal(needs, (await LeaseFile.FindAsync(_sink, ArchiveBuilder.Id, CancellationToken.None)).Content!.Needs);
    }

    [Fact]
    public async Task NeedAsync_AttemptBeforeBecameVisible_IsSaidByTheNextOne()
    {
        var sink = new FaultySink(_sink).FailAfter(SinkOperation.Commit, 2);
        await using var lease = await AcquireAsync(sink);
        await Assert.ThrowsAsync<SinkException>(() => lease.RenewAsync(CancellationToken.None).AsTask());
        var parent = BackupId.Create(_time.GetUtcNow());

        await lease.NeedAsync([parent], CancellationToken.None);

        Assert.Equal([parent], (await LeaseFile.FindAsync(_sink, ArchiveBuilder.Id, CancellationToken.None)).Content!.Needs);
    }

    [Fact]
    public async Task ConfirmAsync_LeaseWasRemoved_IsLost()
    {
        await using var lease = await AcquireAsync(_sink);
        await _sink.DeleteAsync($"{ArchiveBuilder.Id}/lease-0001.json");

        var exception = await Assert.ThrowsAsync<ResumeException>(async () => await lease.ConfirmAsync(CancellationToken.None));

        Assert.Contains("removed", exception.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ResumeException>(async () => await lease.RenewAsync(CancellationToken.None));
        Assert.DoesNotContain("lease-0002.json", await NamesAsync());
    }

    [Fact]
    public async Task AcquireAsync_ProcessHasEnded_DoesNotWaitForItsLease()
    {
        var until = _time.GetUtcNow() + RunLease.Length;
        var ended = ProcessIdentity.Current is { } own ? $"{own[..own.LastIndexOf('/')]}/0" : null;
        Assert.Equal(OperatingSystem.IsLinux(), ended is not null);
        await LeaseFile.WriteAsync(_sink, ArchiveBuilder.Id, 1, new LeaseContent("dead/1/00", until, ended), CancellationToken.None);

        var exception = await Record.ExceptionAsync(async () => await (await AcquireAsync(_sink)).DisposeAsync());

        Assert.Equal(OperatingSystem.IsLinux(), exception is null);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""{"owner":null,"until":"2099-01-01T00:00:00Z"}""")]
    public async Task AcquireAsync_LeaseIsNone_TakesTheNextNumber(string text)
    {
        await _sink.WriteObjectAsync($"{ArchiveBuilder.Id}/lease-0001.json", System.Text.Encoding.UTF8.GetBytes(text));

        await using var lease = await AcquireAsync(_sink);

        Assert.Contains("lease-0002.json", await NamesAsync());
    }

    [Fact]
    public async Task AcquireAsync_TwoAtOnce_OnlyOneHasIt()
    {
        var slow = new FaultySink(_sink);
        RunLease? other = null;
        slow.FailOn(SinkOperation.Commit, "lease-0001.json", () =>
        {
            other = AcquireAsync(_sink).GetAwaiter().GetResult();
            return new SinkException("It exists already.") { IsAlreadyExists = true };
        });

        await Assert.ThrowsAsync<ResumeException>(() => AcquireAsync(slow));

        Assert.NotNull(other);
        Assert.Equal(["lease-0001.json"], await NamesAsync());
        await other.DisposeAsync();
    }

    [Fact]
    public async Task RenewAsync_Again_ReplacesTheFile()
    {
        await using var lease = await AcquireAsync(_sink);
        for (var number = 2; number < 9; number++)
        {
            await lease.RenewAsync(CancellationToken.None);
            Assert.Equal([$"lease-000{number}.json"], await NamesAsync());
        }

        lease.ThrowIfLost();
        await lease.ConfirmAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Renewal_ThirdOfItsLength_Begins()
    {
        var begun = new TaskCompletionSource();
        var sink = new FaultySink(_sink);
        await using var lease = await AcquireAsync(sink);
        sink.FailAt(SinkOperation.Create, 2, () =>
        {
            begun.SetResult();
            return new SinkException("Not now.");
        });

        _time.Advance(RunLease.Length / 3);

        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30));
        lease.ThrowIfLost();
    }

    [Fact]
    public async Task RenewAsync_SinkFailsOnce_SucceedsTheNextTime()
    {
        var sink = new FaultySink(_sink).FailAt(SinkOperation.Create, 2);
        await using var lease = await AcquireAsync(sink);
        await Assert.ThrowsAsync<SinkException>(() => lease.RenewAsync(CancellationToken.None).AsTask());

        await lease.RenewAsync(CancellationToken.None);

        Assert.Equal(["lease-0002.json"], await NamesAsync());
    }

    [Fact]
    public async Task RenewAsync_AnswerLost_TakesTheFileAsItsOwn()
    {
        var sink = new FaultySink(_sink).FailAfter(SinkOperation.Commit, 2);
        await using var lease = await AcquireAsync(sink);
        await Assert.ThrowsAsync<SinkException>(() => lease.RenewAsync(CancellationToken.None).AsTask());

        await lease.RenewAsync(CancellationToken.None);

        Assert.Equal(["lease-0002.json"], await NamesAsync());
        lease.ThrowIfLost();
    }

    [Fact]
    public async Task Lost_SinkDoesNotTakeItInTime_FiresAndNothingMayBePublished()
    {
        var sink = new FaultySink(_sink);
        await using var lease = await AcquireAsync(sink);
        sink.FailFrom(SinkOperation.Create, 1);

        _time.Advance(RunLease.Length);

        Assert.True(lease.Lost.IsCancellationRequested);
        Assert.Contains("in time", Assert.Throws<ResumeException>(lease.ThrowIfLost).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConfirmAsync_AnotherHasTakenItUp_Throws()
    {
        await using var lease = await AcquireAsync(_sink);
        await LeaseFile.WriteAsync(
            _sink, ArchiveBuilder.Id, 2, new LeaseContent("other/1/00", _time.GetUtcNow().AddMinutes(1)), CancellationToken.None);

        var exception = await Assert.ThrowsAsync<ResumeException>(() => lease.ConfirmAsync(CancellationToken.None).AsTask());

        Assert.Contains("other/1/00", exception.Message, StringComparison.Ordinal);
        Assert.Throws<ResumeException>(lease.ThrowIfLost);
    }

    [Fact]
    public async Task RenewAsync_NumberWasTakenReplacedAndDeletedMeanwhile_IsLost()
    {
        await using var lease = await AcquireAsync(_sink);
        await LeaseFile.WriteAsync(
            _sink, ArchiveBuilder.Id, 3, new LeaseContent("other/1/00", _time.GetUtcNow().AddMinutes(1)), CancellationToken.None);

        await Assert.ThrowsAsync<ResumeException>(() => lease.RenewAsync(CancellationToken.None).AsTask());

        Assert.Equal(["lease-0001.json", "lease-0003.json"], await NamesAsync());
        Assert.Throws<ResumeException>(lease.ThrowIfLost);
    }

    private Task<RunLease> AcquireAsync(IBackupSink sink) => RunLease.AcquireAsync(sink, ArchiveBuilder.Id, _time, CancellationToken.None);

    private async Task<List<string>> NamesAsync() =>
        await _sink.ListAsync($"{ArchiveBuilder.Id}/").Select(item => item.Name[(ArchiveBuilder.Id.Value.Length + 1)..]).ToListAsync();
}

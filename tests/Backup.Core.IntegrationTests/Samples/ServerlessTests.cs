using Backup.Core.Archives.Resuming;
using Backup.Core.Catalog;
using Backup.Core.Compression;
using Backup.Core.Errors;
using Backup.Core.Pipeline;
using Backup.Core.Restore;
using Backup.Core.Sinks;
using Backup.Core.Verification;
using Backup.TestKit;
using Backup.TestKit.Databases;
using Backup.TestKit.PostgreSql;
using Microsoft.Extensions.Time.Testing;
using Serverless;

namespace Backup.Core.IntegrationTests.Samples;

/// <summary>The function of samples/Serverless on a clock that moves by a while with each volume, as if storing it took that long.</summary>
[Collection(PostgresFixture.Collection)]
public sealed class ServerlessTests(PostgresFixture postgres) : IDisposable
{
    private const int MaxInvocations = 20;
    private const long VolumeBytes = 1024 * 1024;

    // By then the largest table is complete: a part that ends before has nothing that would be worth keeping.
    private const int VolumesBeforeCancel = 6;

    // Stops to take work after some 21 of them, as 5 are the handler's margin and 15 % of the rest are for the end.
    private static readonly TimeSpan InvocationTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan VolumeTime = TimeSpan.FromSeconds(8);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 3, 15, 0, TimeSpan.Zero));

    [Fact]
    public async Task HandleAsync_BackupThatTakesSeveralInvocations_IsCompleteAfterThem()
    {
        var source = await CreateSourceAsync();

        var replies = new List<InvocationReply>();
        while (replies.Count < MaxInvocations && (replies.Count == 0 || !replies[^1].IsDone))
        {
            replies.Add(await InvokeAsync(source));
        }

        Assert.Equal(BackupOutcome.Complete, replies[^1].Outcome);
        Assert.True(replies.Count > 2, $"{replies.Count} invocations were enough.");
        Assert.Single(replies.Select(reply => reply.Run).Distinct());
        await AssertHoldsAsync(source);
    }

    [Fact]
    public async Task HandleAsync_InvocationIsCancelled_IsGoneOnWithByTheNext()
    {
        var source = await CreateSourceAsync();
        using var cancellation = new CancellationTokenSource();
        var volumes = 0;
        var cancelled = NewHandler(source, () =>
        {
            if (++volumes == VolumesBeforeCancel)
            {
                cancellation.Cancel();
            }
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.HandleAsync(new Invocation("1", InvocationTime), cancellation.Token));
        var run = Assert.Single(await new BackupCatalog(new DirectorySink(_folder.Path)).ListResumableAsync());
        var reply = await NewHandler(source, () => { }).HandleAsync(new Invocation("2", InvocationTime), CancellationToken.None);

        Assert.Equal((run, BackupOutcome.Complete), (reply.Run, reply.Outcome));
        await AssertHoldsAsync(source);
    }

    [Fact]
    public async Task HandleAsync_AnotherInvocationIsAtWork_EndsAtOnce()
    {
        var source = await CreateSourceAsync();
        var suspended = await InvokeAsync(source);
        await using var lease = await RunLease.AcquireAsync(new DirectorySink(_folder.Path), suspended.Run!.Value, _time, CancellationToken.None);

        var reply = await InvokeAsync(source);

        Assert.False(reply.IsDone);
        Assert.Null(reply.Run);
    }

    [Theory]
    [InlineData("volume-0001.zip")]
    [InlineData("checkpoint-0001.json")]
    public async Task HandleAsync_SuspendedRunIsDamaged_BeginsAnotherOne(string file)
    {
        var source = await CreateSourceAsync();
        var suspended = await InvokeAsync(source);
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, suspended.Run!.Value.Value, file), "damaged");

        var reply = await NewHandler(source, () => { }).HandleAsync(new Invocation("2", InvocationTime), CancellationToken.None);

        Assert.Equal((BackupOutcome.Suspended, BackupOutcome.Complete), (suspended.Outcome, reply.Outcome));
        Assert.NotEqual(suspended.Run, reply.Run);
        Assert.Contains(file, reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HandleAsync_TooLittleTime_SaysHowMuchIsNeeded()
    {
        var handler = NewHandler("Host=localhost;Database=never-asked", () => { });

        var exception = await Assert.ThrowsAsync<HostException>(
            () => handler.HandleAsync(new Invocation("1", TimeSpan.FromSeconds(9)), CancellationToken.None));

        Assert.Contains("00:00:09 are left, and a backup needs 00:00:10", exception.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    public void Dispose() => _folder.Dispose();

    private async Task<string> CreateSourceAsync()
    {
        var source = await postgres.CreateDatabaseAsync();
        await ApplicationSchema.CreateAsync(source);
        await ApplicationData.FillAsync(source, megabytes: 8);
        return source;
    }

    private Task<InvocationReply> InvokeAsync(string source) =>
        NewHandler(source, () => _time.Advance(VolumeTime)).HandleAsync(new Invocation("next", InvocationTime), CancellationToken.None);

    // A new one each time, as on another machine.
    private BackupHandler NewHandler(string source, Action onVolume)
    {
        var settings = new BackupSettings
        {
            Database = source,
            Options = options =>
            {
                options.VolumeBytes = VolumeBytes;
                options.PageBytes = VolumeBytes;
                options.Codec = Compressors.None;
                options.Connections = 1;
            },
        };
        return new BackupHandler(settings, new TimedSink(new DirectorySink(_folder.Path), onVolume), _time);
    }

    private async Task AssertHoldsAsync(string source)
    {
        var sink = new DirectorySink(_folder.Path);
        var backup = Assert.Single(await new BackupCatalog(sink).ListAsync());
        Assert.Empty((await new BackupVerifier(sink).VerifyAsync(backup.Id)).Findings);

        var target = await postgres.CreateDatabaseAsync();
        await new RestorePipelineBuilder().UseSink(sink).UsePostgres(target).Build().RunAsync(new RestoreRequest { Backup = backup.Id });
        Assert.Equal(await PgDump.SchemaAsync(source), await PgDump.SchemaAsync(target));
        Assert.Empty(TableDigest.Differences(await TableDigest.ReadAsync(source), await TableDigest.ReadAsync(target)));
    }
}

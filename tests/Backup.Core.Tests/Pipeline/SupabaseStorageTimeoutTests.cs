using Backup.Core.Errors;
using Backup.Core.ObjectStores.SupabaseStorage;
using Backup.Core.Pipeline;
using Backup.Core.Sinks;
using Backup.Core.Tests.Pipeline.Fakes;
using Backup.TestKit.Storage;

namespace Backup.Core.Tests.Pipeline;

/// <summary>Runs over HTTP against a store that stalls, trickles or says nothing: each ends in time.</summary>
public sealed class SupabaseStorageTimeoutTests : IAsyncLifetime
{
    private readonly InMemorySink _sink = new();
    private StorageServer _server = null!;

    public static TheoryData<string, Fault> Faults => new()
    {
        { "no byte moved for 0.2 s", Fault.Stall(1000) },

        // "n bytes moved in 0.2 s"; but a busy machine may let nothing trickle for so long.
        { " moved ", Fault.Trickle(1, TimeSpan.FromMilliseconds(20)) },
        { "nothing came within 2 s", Fault.Silence },
    };

    public async Task InitializeAsync()
    {
        _server = await StorageServer.StartAsync();
        await _server.State.CreateBucketAsync("docs");
        await _server.State.PutAsync(new NewObject("docs", "bad", StoredContent.Generated(1, 20_000)));
        await _server.State.PutAsync(new NewObject("docs", "good", StoredContent.Generated(2, 20_000)));
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task RunAsync_DownloadHangs_NamesTheObjectAndGoesOn(string reason, Fault fault)
    {
        _server.Faults.Add(StorageCall.Download("docs", "bad"), fault);

        var result = await RunAsync(FailurePolicy.Default);

        var failure = Assert.Single(result.Failures);
        Assert.Equal("docs/bad", failure.Subject);
        Assert.Contains(reason, failure.Reason, StringComparison.Ordinal);
        Assert.Equal(1, result.Totals.Objects);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task RunAsync_DownloadHangsAndNoneMayFail_FailsAndLeavesNothing(string reason, Fault fault)
    {
        _server.Faults.Add(StorageCall.Download("docs", "bad"), fault);

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => RunAsync(new FailurePolicy { Objects = FailureLimit.FailFast }));

        Assert.Equal(ErrorCategory.TimeOut, exception.Category);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        Assert.Equal("docs/bad", exception.Subject);
        Assert.Empty(await RunScene.NamesAsync(_sink));
    }

    private Task<BackupResult> RunAsync(FailurePolicy failures) => new BackupPipelineBuilder()
        .UseSupabaseStorage(new SupabaseStorageOptions
        {
            Url = _server.Address,
            Key = _server.ServiceKey,
            MaxRetries = 0,
            AttemptTimeout = TimeSpan.FromSeconds(2),
            ProgressTimeout = TimeSpan.FromSeconds(0.2),
            MinBytesPerSecond = 20_000,
        })
        .UseSink(_sink)
        .Build()
        .RunAsync(new BackupRequest { Failures = failures });
}

using Backup.Core.Archives;
using Backup.Core.Errors;
using Backup.Core.ObjectStores.SupabaseStorage;
using Backup.Core.Pipeline;
using Backup.Core.Sinks;
using Backup.Core.Verification;
using Backup.TestKit.Storage;

namespace Backup.Core.Tests.Pipeline;

/// <summary>Whole runs over HTTP: what goes wrong with the server or the key is overcome or reported, never kept.</summary>
public sealed class SupabaseStorageRunTests : IAsyncLifetime
{
    private const int LargeBytes = 2_500_000;

    private readonly InMemorySink _sink = new();
    private StorageServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await StorageServer.StartAsync();
        await _server.State.CreateBucketAsync("docs");
        for (var number = 0; number < 30; number++)
        {
            await _server.State.PutAsync(new NewObject("docs", $"{number:d2}", Content(number)) { UserMetadata = $$"""{"n":{{number}}}""" });
        }
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task RunAsync_PassingFaultsOfEveryKind_HoldsEveryObject()
    {
        Fault[] faults =
        [
            Fault.Status(429), Fault.Status(500), Fault.Status(544), Fault.Close, Fault.Cut(700), Fault.Cut(1_500_000), Fault.Reset(500),
            Fault.Shorter(3), Fault.Longer(3),
        ];
        for (var index = 0; index < faults.Length; index++)
        {
            _server.Faults.Add(StorageCall.Download("docs", $"{index + 1:d2}"), faults[index], times: 1);
        }

        _server.Faults.Add(StorageCall.Download("docs", "00"), Fault.Cut(2_000_000), times: 3);

        var result = await RunAsync();

        Assert.Equal(BackupOutcome.Complete, result.Outcome);
        await AssertHoldsAsync(result, 30);
    }

    [Fact]
    public async Task RunAsync_OtherETagWhereATransferGoesOn_IsReported()
    {
        _server.Faults.Add(StorageCall.Download("docs", "00"), Fault.Cut(1_500_000), times: 1);
        _server.Faults.Add(StorageCall.Download("docs", "00"), Fault.ETag("\"other\""), first: 2);

        var result = await RunAsync();

        Assert.Equal("docs/00", Assert.Single(result.Failures).Subject);
        await AssertHoldsAsync(result, 29);
    }

    [Fact]
    public async Task RunAsync_KeyExpiresMeanwhile_RecordsTheRest()
    {
        _server.Faults.Add(StorageCall.IsDownload, Fault.ExpiredToken, first: 11);

        var result = await RunAsync();

        Assert.Equal(20, result.Failures.Count);
        await AssertHoldsAsync(result, 10);
    }

    [Fact]
    public async Task RunAsync_KeyExpiresMeanwhileAndTooMuchIsLost_FailsAndSaysWhy()
    {
        _server.Faults.Add(StorageCall.IsDownload, Fault.ExpiredToken, first: 11);

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => RunAsync(maxFailures: 5));

        Assert.Equal(ObjectStoreError.AccessDenied, exception.Error);
        Assert.Contains("6 objects could not be backed up where at most 5 may fail", exception.Message, StringComparison.Ordinal);
        Assert.NotNull(exception.Hint);
        Assert.DoesNotContain('\n', exception.Message);
        Assert.Empty(await NamesAsync());
    }

    [Fact]
    public async Task RunAsync_RefusedNameAndLostFile_AreReported()
    {
        await _server.State.PutAsync(new NewObject("docs", "caf\u00e9.txt", StoredContent.Of("x")));
        await _server.State.LoseContentAsync("docs", "05");

        var result = await RunAsync();

        Assert.Equal(["docs/05", "docs/caf\u00e9.txt"], result.Failures.Select(failure => failure.Subject));
        await AssertHoldsAsync(result, 29);
    }

    [Fact]
    public async Task RunAsync_WrongKey_FailsBeforeAnythingIsListed()
    {
        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => RunAsync(key: "wrong"));

        Assert.Equal(ObjectStoreError.AccessDenied, exception.Error);
        Assert.DoesNotContain("wrong", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_server.Requests, StorageCall.IsListing);
        Assert.Empty(await NamesAsync());
    }

    [Fact]
    public async Task RunAsync_NoServerThere_FailsAndNamesTheHost()
    {
        await _server.DisposeAsync();

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => RunAsync());

        Assert.Equal(ObjectStoreError.Unavailable, exception.Error);
        Assert.Contains("127.0.0.1", exception.Message, StringComparison.Ordinal);
    }

    private static StoredContent Content(int number) => StoredContent.Generated(number, number % 6 == 0 ? LargeBytes : 1000 * number);

    private Task<BackupResult> RunAsync(string? key = null, int maxFailures = FailurePolicy.DefaultMaxFailedObjects) =>
        new BackupPipelineBuilder()
            .UseSupabaseStorage(new SupabaseStorageOptions
            {
                Url = _server.Address,
                Key = key ?? _server.ServiceKey,
                MaxRetries = 2,
                RetryDelay = TimeSpan.FromMilliseconds(1),
            })
            .UseSink(_sink)
            .ConfigureOptions(options =>
            {
                options.MemoryBudgetBytes = 8 * 1024 * 1024;
                options.CompressionWorkers = 1;
            })
            .Build()
            .RunAsync(new BackupRequest { Failures = new FailurePolicy { Objects = FailureLimit.AtMost(maxFailures) } });

    private async Task AssertHoldsAsync(BackupResult result, int objects)
    {
        var held = 0;
        var reader = await ArchiveReader.OpenAsync(_sink, result.Id, CancellationToken.None);
        await foreach (var entry in reader.ReadIndexAsync("storage/docs/", CancellationToken.None))
        {
            var number = int.Parse(entry.Object!.Name, System.Globalization.CultureInfo.InvariantCulture);
            await using var stream = await reader.OpenEntryAsync(entry, CancellationToken.None);
            Assert.True(await Content(number).EqualsAsync(stream), $"'{entry.Object.Name}' is not as it was.");
            Assert.Contains($"{number}", entry.Object.UserMetadata, StringComparison.Ordinal);
            held++;
        }

        Assert.Equal(objects, held);
        Assert.Empty((await new BackupVerifier(_sink).VerifyAsync(result.Id)).Findings);
    }

    private async Task<IReadOnlyList<string>> NamesAsync()
    {
        var names = new List<string>();
        await foreach (var item in _sink.ListAsync(string.Empty))
        {
            names.Add(item.Name);
        }

        return names;
    }
}

using Backup.Core.Errors;
using Backup.Core.ObjectStores.SupabaseStorage;
using Backup.Core.Restore;
using Backup.Core.Sinks;
using Backup.Core.Tests.Verification;
using Backup.TestKit.Storage;
using Microsoft.Extensions.Options;

namespace Backup.Core.Tests.Restore;

public sealed class RestorePipelineBuilderTests
{
    private const string Nowhere = "Host=127.0.0.1;Port=1;Username=u;Password=hidden;Database=d;Timeout=2";

    [Fact]
    public void Options_Defaults_AreTheNamedConstants()
    {
        var options = new RestoreOptions();

        Assert.Null(options.Connections);
        Assert.Equal(RestoreOptions.DefaultProgressInterval, options.ProgressInterval);
        Assert.Equal((RestoreOptions.DefaultTransfers, 3), (options.Transfers, RestoreOptions.DefaultTransfers));
        Assert.Equal((RestoreOptions.DefaultMaxObjectFailures, 1000), (options.MaxObjectFailures, RestoreOptions.DefaultMaxObjectFailures));
    }

    [Fact]
    public void Build_WithoutSinkOrDatabase_NamesWhatIsMissing()
    {
        Assert.Contains("UseSink", Assert.Throws<InvalidOperationException>(() => new RestorePipelineBuilder().Build()).Message, StringComparison.Ordinal);
        Assert.Contains(
            "UseObjectStore",
            Assert.Throws<InvalidOperationException>(() => new RestorePipelineBuilder().UseSink(new InMemorySink()).Build()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Build_OptionsOutOfRange_NamesAllOfThem()
    {
        var builder = new RestorePipelineBuilder().UseSink(new InMemorySink()).UsePostgres(Nowhere).ConfigureOptions(options =>
        {
            options.Connections = 0;
            options.ProgressInterval = TimeSpan.FromSeconds(-1);
            options.Transfers = 65;
            options.MaxObjectFailures = -1;
        });

        Assert.Equal(4, Assert.Throws<OptionsValidationException>(builder.Build).Failures.Count());
    }

    [Fact]
    public void UsePostgres_NoConnectionString_ThrowsAtOnce() =>
        Assert.ThrowsAny<ArgumentException>(() => new RestorePipelineBuilder().UsePostgres("Nonsense=1"));

    [Fact]
    public void UseSupabaseStorage_NoKey_ThrowsAtOnce() =>
        Assert.Throws<OptionsValidationException>(
            () => new RestorePipelineBuilder().UseSupabaseStorage(new SupabaseStorageOptions { Url = new Uri("http://127.0.0.1:1") }));

    [Fact]
    public async Task RunAsync_RequestDoesNotFitTheTargets_ThrowsBeforeItReadsAnything()
    {
        var database = new RestorePipelineBuilder().UseSink(new InMemorySink()).UsePostgres(Nowhere).Build();
        var files = new RestorePipelineBuilder().UseSink(new InMemorySink()).UseObjectStore(new InMemoryObjectStore()).Build();

        await Assert.ThrowsAsync<ArgumentException>(() => database.RunAsync(new RestoreRequest { Objects = new() { Prefix = "a" } }));
        await Assert.ThrowsAsync<ArgumentException>(() => files.RunAsync(new RestoreRequest { Scope = RestoreScope.SchemaOnly }));
        await Assert.ThrowsAsync<ArgumentException>(() => files.RunAsync(new RestoreRequest { Tables = new() { IncludeTables = ["public.a"] } }));
    }

    [Fact]
    public async Task RunAsync_NoBackup_ThrowsBeforeItConnects() =>
        await Assert.ThrowsAsync<BackupNotFoundException>(
            () => new RestorePipelineBuilder().UseSink(new InMemorySink()).UsePostgres(Nowhere).Build().RunAsync(new RestoreRequest()));

    [Fact]
    public async Task RunAsync_DamagedTableOfContents_ThrowsBeforeItConnects()
    {
        var sink = new InMemorySink();
        await SmallBackup.CreateAsync(sink);

        await Assert.ThrowsAsync<ArchiveFormatException>(
            () => new RestorePipelineBuilder().UseSink(sink).UsePostgres(Nowhere).Build().RunAsync(new RestoreRequest()));
    }
}

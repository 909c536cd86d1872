using Backup.Core.Errors;
using Backup.Core.Restore;
using Backup.Core.Sinks;
using Backup.Core.Tests.Verification;
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
        });

        Assert.Equal(2, Assert.Throws<OptionsValidationException>(builder.Build).Failures.Count());
    }

    [Fact]
    public void UsePostgres_NoConnectionString_ThrowsAtOnce() =>
        Assert.ThrowsAny<ArgumentException>(() => new RestorePipelineBuilder().UsePostgres("Nonsense=1"));

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

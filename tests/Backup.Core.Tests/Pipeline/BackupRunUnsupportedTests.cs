using Backup.Core.Archives;
using Backup.Core.Catalog;
using Backup.Core.Errors;
using Backup.Core.Pipeline;
using Backup.Core.Postgres.Schema;
using Backup.Core.Sinks;
using Backup.Core.Tests.Pipeline.Fakes;

namespace Backup.Core.Tests.Pipeline;

public sealed class BackupRunUnsupportedTests
{
    private const int UnsupportedLeftOut = 116;

    private readonly InMemorySink _sink = new();
    private readonly RecordingLogger _logger = new();

    [Fact]
    public async Task ExecuteAsync_DatabaseHoldsWhatNoBackupCan_FailsAndLeavesNothing()
    {
        var exception = await Assert.ThrowsAsync<DatabaseException>(() => SceneOf(false).RunAsync());

        Assert.Equal("widget gear", exception.Subject);
        Assert.Empty(await RunScene.NamesAsync(_sink));
    }

    [Fact]
    public async Task ExecuteAsync_Allowed_NamesItInResultManifestAndTableOfContents()
    {
        var result = await SceneOf(true).RunAsync();

        Assert.Equal(BackupOutcome.CompletedWithFailures, result.Outcome);
        Assert.Empty(result.Failures);
        Assert.Equal(["widget gear"], result.Unsupported.Select(item => item.Name));
        Assert.Equal($"Backup {result.Id} lacks widget gear: No backup can hold it.", Assert.Single(_logger.TextsOf(UnsupportedLeftOut)));
        var entry = Assert.Single(await new BackupCatalog(_sink).ListAsync());
        Assert.Equal((BackupState.WithFailures, 1), (entry.State, entry.Missing));
        Assert.Equal(result.Unsupported, entry.Manifest!.Database!.Unsupported);
        var archive = await ArchiveReader.OpenAsync(_sink, result.Id, CancellationToken.None);
        var file = await archive.FindAsync(EntryPaths.Toc, CancellationToken.None);
        await using var content = await archive.OpenEntryAsync(file!, CancellationToken.None);
        Assert.Equal("widget gear", Assert.Single((await TocFile.ReadAsync(content, CancellationToken.None)).Unsupported).Name);
    }

    [Fact]
    public async Task ExecuteAsync_AllowedAndNothingUnsupported_IsComplete()
    {
        var scene = new RunScene { Source = Source([]), Sink = _sink, Ask = request => request with { AllowUnsupported = true } };

        var result = await scene.RunAsync();

        Assert.Equal(BackupOutcome.Complete, result.Outcome);
        Assert.Null(result.Manifest!.Database!.Unsupported);
    }

    private RunScene SceneOf(bool isAllowed) => new()
    {
        Source = Source([new UnsupportedObject("widget gear", "No backup can hold it.")]),
        Sink = _sink,
        Logger = _logger,
        Ask = request => request with { AllowUnsupported = isAllowed },
    };

    private static InMemoryRowSource Source(IReadOnlyList<UnsupportedObject> unsupported) =>
        new(new InMemoryTable("good", InMemoryTable.Rows(10, 100))) { Schema = new DatabaseSchema([]) { Unsupported = unsupported } };
}

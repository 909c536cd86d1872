using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Pipeline;
using Backup.Core.Postgres.Schema;
using Backup.Core.Tests.Pipeline.Fakes;
using Backup.Core.Verification;
using Backup.TestKit.Archives;

namespace Backup.Core.Tests.Pipeline.Incremental;

public sealed class ParentSchemaTests
{
    private static readonly DatabaseSchema Schema = new(
    [
        Entry(1, TocSection.PreData, "CREATE TABLE t ();\n"),
        Entry(2, TocSection.Data, "SELECT setval(1);\n"),
        Entry(3, TocSection.PostData, "CREATE INDEX i;\n"),
    ])
    {
        Fingerprint = "same",
    };

    private readonly IncrementalScene _scene = new() { Source = new InMemoryRowSource { Schema = Schema } };

    [Fact]
    public async Task RunAsync_SameCatalogs_RefersToTheScriptsOfTheFirst()
    {
        var full = await _scene.FullAsync();
        var second = await _scene.IncrementalAsync();

        var third = await _scene.IncrementalAsync();

        Assert.Equal("same", third.Manifest!.Database!.SchemaFingerprint);
        Assert.Equal([null, full.Id, full.Id], await HoldersAsync(third));
        Assert.Equal(BackupKind.Incremental, second.Kind);
        Assert.Equal(await ReadAsync(full, EntryPaths.Toc), await ReadAsync(third, EntryPaths.Toc));
        Assert.Empty((await new BackupVerifier(_scene.Sink).VerifyAsync(third.Id)).Findings);
    }

    [Fact]
    public async Task RunAsync_SameCatalogsAndMovedSequence_RefersToTheScriptsAllTheSame()
    {
        var full = await _scene.FullAsync();
        _scene.Source = new InMemoryRowSource { Schema = Schema, Renew = Move };

        var result = await _scene.IncrementalAsync();

        Assert.Equal([null, full.Id, full.Id], await HoldersAsync(result));
        Assert.Contains("setval(2)", await ReadAsync(result, EntryPaths.Toc), StringComparison.Ordinal);
        Assert.Contains("setval(2)", await ReadAsync(result, EntryPaths.LoadData), StringComparison.Ordinal);
        Assert.Contains("CREATE INDEX i", await ReadAsync(result, EntryPaths.PostData), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_OtherCatalogsOrUnknownOnes_WritesAll()
    {
        await _scene.FullAsync();
        _scene.Source = new InMemoryRowSource { Schema = Schema with { Fingerprint = "other" } };
        var other = await _scene.IncrementalAsync();
        _scene.Source = new InMemoryRowSource { Schema = Schema with { Fingerprint = null } };

        var unknown = await _scene.IncrementalAsync();

        Assert.Equal([null, null, null], await HoldersAsync(other));
        Assert.Equal([null, null, null], await HoldersAsync(unknown));
        Assert.Null(unknown.Manifest!.Database!.SchemaFingerprint);
    }

    [Fact]
    public async Task RunAsync_ResumableRun_RefersToTheScriptsAtItsEnd()
    {
        var full = await _scene.FullAsync();

        var result = await _scene.RunAsync(request => request with { Incremental = true, Resumable = true });

        Assert.Equal([null, full.Id, full.Id], await HoldersAsync(result));
        Assert.Empty((await new BackupVerifier(_scene.Sink).VerifyAsync(result.Id)).Findings);
    }

    [Fact]
    public async Task RunAsync_ParentsTableOfContentsIsDamaged_ReadsTheCatalogs()
    {
        var full = await _scene.FullAsync();
        await SpoilAsync(full, EntryPaths.Toc);

        var result = await _scene.IncrementalAsync();

        Assert.Equal([null, null, null], await HoldersAsync(result));
        Assert.Contains(_scene.Logger.Warnings, message => message.Contains("catalogs are read", StringComparison.Ordinal));
    }

    private static TocEntry Entry(int id, TocSection section, string create) => new()
    {
        Id = id,
        Section = section,
        Kind = "KIND",
        Name = $"entry {id}",
        Create = create,
    };

    private static DatabaseSchema Move(DatabaseSchema schema) => schema with
    {
        Entries = [.. schema.Entries.Select(entry => entry.Id == 2 ? entry with { Create = "SELECT setval(2);\n" } : entry)],
    };

    private async Task<BackupId?[]> HoldersAsync(BackupResult result)
    {
        var archive = await ArchiveReader.OpenAsync(_scene.Sink, result.Id, CancellationToken.None);
        var holders = new List<BackupId?>();
        foreach (var path in (string[])[EntryPaths.Toc, EntryPaths.PreData, EntryPaths.PostData])
        {
            holders.Add((await archive.FindAsync(path, CancellationToken.None))!.Backup);
        }

        return [.. holders];
    }

    private async Task SpoilAsync(BackupResult result, string path)
    {
        var archive = await ArchiveReader.OpenAsync(_scene.Sink, result.Id, CancellationToken.None);
        var entry = await archive.FindAsync(path, CancellationToken.None);
        var name = ArchiveNames.InSink(result.Id, ArchiveNames.Volume(1));
        var bytes = await _scene.Sink.ReadObjectAsync(name);

        // Well behind the entry's header, and before its end.
        bytes[entry!.Offset + 200] ^= 1;
        await _scene.Sink.WriteObjectAsync(name, bytes);
    }

    private async Task<string> ReadAsync(BackupResult result, string path)
    {
        var archive = await ArchiveReader.OpenAsync(_scene.Sink, result.Id, CancellationToken.None);
        var entry = await archive.FindAsync(path, CancellationToken.None);
        using var reader = new StreamReader(await archive.OpenEntryAsync(entry!, CancellationToken.None));
        return await reader.ReadToEndAsync();
    }
}

using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Compression;
using Backup.Core.Errors;
using Backup.Core.Sinks;
using Backup.TestKit.Archives;
using Backup.TestKit.Sinks;
using static Backup.Core.Tests.Archives.Referencing.IncrementalScene;

namespace Backup.Core.Tests.Archives.Referencing;

public sealed class ReferenceTests
{
    private readonly InMemorySink _sink = new();
    private readonly IncrementalScene _scene;

    public ReferenceTests() => _scene = new IncrementalScene(_sink);

    [Fact]
    public async Task OpenEntryAsync_BackupsUponOneAnother_GivesEachEntryFromWhereItWasStored()
    {
        await _scene.WriteFullAsync();
        await _scene.WriteIncrementalAsync(Second, Full, "a/2");
        await _scene.WriteIncrementalAsync(Third, Second, "b/1", renamed: "b/2");

        Assert.Equal(
            [("a/1", TextOf(Full, "a/1")), ("a/2", TextOf(Second, "a/2")), ("b/1", TextOf(Full, "b/1")), ("b/2", TextOf(Full, "b/2"))],
            await _scene.ReadAsync(Second));
        Assert.Equal(
            [("a/1", TextOf(Full, "a/1")), ("a/2", TextOf(Second, "a/2")), ("b/1", TextOf(Third, "b/1")), ("renamed/b/2", TextOf(Full, "b/2"))],
            await _scene.ReadAsync(Third));
    }

    [Fact]
    public async Task CommitAsync_BackupUponAnIncrementalOne_NamesOnlyThoseThatHoldBytes()
    {
        await _scene.WriteFullAsync();
        await _scene.WriteIncrementalAsync(Second, Full, "a/2");
        await _scene.WriteIncrementalAsync(Third, Second, "a/2");

        var manifest = await ReadManifestAsync(Third);

        Assert.Equal(FormatVersions.Referencing, manifest.FormatVersion);
        Assert.Equal((BackupKind.Incremental, Second, 2), (manifest.Kind, manifest.Parent!.Value, manifest.Chain));
        var reference = Assert.Single(manifest.References!);
        Assert.Equal((Full, 3L, (await ReadManifestAsync(Full)).Digest), (reference.Id, reference.Entries, reference.Digest));
        Assert.Equal((4L, 3L, reference.StoredBytes), (manifest.Totals.Entries, manifest.Totals.ReferencedEntries, manifest.Totals.ReferencedBytes));
    }

    [Fact]
    public async Task CommitAsync_NothingReferenced_IsOfVersion1()
    {
        await _scene.WriteFullAsync();
        Assert.Equal(FormatVersions.Plain, (await ReadManifestAsync(Full)).FormatVersion);
        Assert.Null((await ReadManifestAsync(Full)).References);
    }

    [Fact]
    public async Task OpenEntryAsync_ReferencedBackupIsGone_NamesBoth()
    {
        await _scene.WriteFullAsync();
        await _scene.WriteIncrementalAsync(Second, Full, "a/2");
        await _sink.DeleteAsync($"{Full}/manifest.json");

        var exception = await Assert.ThrowsAsync<BackupNotFoundException>(() => _scene.ReadAsync(Second));

        Assert.Contains(Full.Value, exception.Message, StringComparison.Ordinal);
        Assert.Contains(Second.Value, exception.Message, StringComparison.Ordinal);
        Assert.NotNull(exception.Hint);
    }

    [Theory]
    [InlineData("manifest.json")]
    [InlineData("volume-0002.zip")]
    public async Task ConfirmReferencesAsync_FileOfAnotherBackupIsGone_ThrowsOnlyWhereItIsNeeded(string file)
    {
        await _scene.WriteFullAsync();
        await _scene.WriteIncrementalAsync(Second, Full, "a/2");
        await _scene.WriteIncrementalAsync(Third, Second, "a/1");
        await (await OpenAsync(Third)).ConfirmReferencesAsync(_ => true, CancellationToken.None);
        await _sink.DeleteAsync($"{Full}/{file}");
        var reader = await OpenAsync(Third);

        var exception = await Assert.ThrowsAnyAsync<BackupException>(async () => await reader.ConfirmReferencesAsync(_ => true, CancellationToken.None));

        Assert.Contains(Third.Value, exception.Message, StringComparison.Ordinal);
        Assert.Contains(Full.Value, exception.Message, StringComparison.Ordinal);
        await reader.ConfirmReferencesAsync(entry => entry.Path == "a/2", CancellationToken.None);
    }

    [Fact]
    public async Task OpenEntryAsync_ReferencedBackupIsAnotherOfTheSameName_Refuses()
    {
        await _scene.WriteFullAsync();
        await _scene.WriteIncrementalAsync(Second, Full, "a/2");
        var other = await ReadManifestAsync(Full) with { WrittenBy = "someone else" };
        await _sink.WriteObjectAsync($"{Full}/manifest.json", ManifestFile.Serialize(other));

        var exception = await Assert.ThrowsAsync<ArchiveFormatException>(() => _scene.ReadAsync(Second));

        Assert.Contains("another digest", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenEntryAsync_ReferencedVolumeIsGone_NamesBoth()
    {
        await _scene.WriteFullAsync();
        await _scene.WriteIncrementalAsync(Second, Full, "a/2");
        await _sink.DeleteAsync($"{Full}/volume-0002.zip");

        var exception = await Assert.ThrowsAsync<ArchiveFormatException>(() => _scene.ReadAsync(Second));

        Assert.Contains($"Backup {Second} keeps b/2 in volume 2 of backup {Full}", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenEntryAsync_ReferencedVolumeIsDamaged_NamesTheBackupThatHoldsIt()
    {
        await _scene.WriteFullAsync();
        await _scene.WriteIncrementalAsync(Second, Full, "a/2");
        var volume = await _sink.ReadObjectAsync($"{Full}/volume-0002.zip");
        volume[50] ^= 1;
        await _sink.WriteObjectAsync($"{Full}/volume-0002.zip", volume);

        var exception = await Assert.ThrowsAsync<ArchiveFormatException>(() => _scene.ReadAsync(Second));

        Assert.Contains(Full.Value, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadReferencesAsync_Incremental_GivesOnlyWhatOthersHold()
    {
        await _scene.WriteFullAsync();
        await _scene.WriteIncrementalAsync(Second, Full, "a/2", renamed: "b/1");

        var entries = await (await OpenAsync(Second)).ReadReferencesAsync(CancellationToken.None).ToListAsync();

        Assert.Equal(["a/1", "b/2", "renamed/b/1"], entries.Select(entry => entry.Path));
        Assert.All(entries, entry => Assert.Equal(Full, entry.Backup));
        Assert.Equal([null, null, "b/1"], entries.Select(entry => entry.EntryPath));
    }

    [Fact]
    public async Task AddReferenceAsync_WhatCannotBeReferenced_Throws()
    {
        await _scene.WriteFullAsync();
        var full = await OpenAsync(Full);
        var entry = await full.FindAsync("a/1", CancellationToken.None);
        var options = new ArchiveWriterOptions { Referable = new Dictionary<BackupId, string> { [Full] = full.Manifest.Digest! } };
        await using var writer = new ArchiveWriter(_sink, Second, options);

        foreach (var wrong in new[]
        {
            entry!,
            entry! with { Backup = Third },
            entry! with { Backup = Second },
            entry! with { Backup = Full, Path = "../a" },
            entry! with { Backup = Full, EntryPath = "a/1" },
            entry! with { Backup = Full, EntryPath = "/etc" },
            entry! with { Backup = Full, Name = new string('x', ArchiveLimits.MaxIndexLineBytes) },
        })
        {
            await Assert.ThrowsAsync<ArgumentException>(async () => await writer.AddReferenceAsync(wrong, CancellationToken.None));
        }
    }

    [Fact]
    public async Task AddReferenceAsync_EntryIsOpen_Throws()
    {
        await _scene.WriteFullAsync();
        var full = await OpenAsync(Full);
        var entry = await full.FindAsync("a/1", CancellationToken.None);
        var options = new ArchiveWriterOptions { Referable = new Dictionary<BackupId, string> { [Full] = full.Manifest.Digest! } };
        await using var writer = new ArchiveWriter(_sink, Second, options);
        await writer.BeginAsync(new EntryHeader("x", null, CompressionMethod.None), CancellationToken.None);

        await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await writer.AddReferenceAsync(entry! with { Backup = Full }, CancellationToken.None));
    }

    [Fact]
    public async Task ReadIndexAsync_EntryStoredAndReferenced_Throws()
    {
        await _scene.WriteFullAsync();
        var full = await OpenAsync(Full);
        var entry = await full.FindAsync("a/1", CancellationToken.None);
        var options = new ArchiveWriterOptions { Referable = new Dictionary<BackupId, string> { [Full] = full.Manifest.Digest! } };
        await using (var writer = new ArchiveWriter(_sink, Second, options))
        {
            await writer.AppendAsync("a/1", [1], new NoCompressor());
            await writer.AddReferenceAsync(entry! with { Backup = Full }, CancellationToken.None);
            var contents = await writer.CompleteAsync(CancellationToken.None);
            await writer.CommitAsync(ManifestOf(contents, Second, full.Manifest), CancellationToken.None);
        }

        await Assert.ThrowsAsync<ArchiveFormatException>(() => _scene.ReadAsync(Second));
    }

    [Fact]
    public async Task DisposeAsync_SinkFailsAtAnyCall_LeavesNothingOfTheIncrementalOne()
    {
        await _scene.WriteFullAsync();
        var before = await _sink.ListAsync(string.Empty).ToListAsync();
        var calls = new FaultySink(_sink);
        await new IncrementalScene(calls).WriteIncrementalAsync(Second, Full, "a/2");
        for (var commit = 1; commit <= calls.CountOf(SinkOperation.Commit); commit++)
        {
            foreach (var item in await _sink.ListAsync(Second.Value).ToListAsync())
            {
                await _sink.DeleteAsync(item.Name);
            }

            var sink = new FaultySink(_sink).FailAfter(SinkOperation.Commit, commit);
            await Assert.ThrowsAsync<SinkException>(() => new IncrementalScene(sink).WriteIncrementalAsync(Second, Full, "a/2"));
            Assert.Equal(before, await _sink.ListAsync(string.Empty).ToListAsync());
        }
    }

    private async Task<ArchiveReader> OpenAsync(BackupId id) => await ArchiveReader.OpenAsync(_sink, id, CancellationToken.None);

    private async Task<BackupManifest> ReadManifestAsync(BackupId id) => (await OpenAsync(id)).Manifest;
}

using System.Text;
using Backup.Core.Archives;
using Backup.Core.Errors;
using Backup.Core.ObjectStores;
using Backup.Core.Restore;
using Backup.Core.Sinks;
using Backup.Core.Tests.Archives.Referencing;
using Backup.TestKit.Storage;

namespace Backup.Core.Tests.Restore.Files;

/// <summary>Restores of incremental backups, of which other backups hold objects.</summary>
public sealed class ReferencedFilesTests
{
    private static readonly ChainDay Last = ChainScene.Days[2];

    private readonly InMemorySink _sink = new();
    private readonly InMemoryObjectStore _store = new();

    [Fact]
    public async Task RunAsync_Incremental_BringsBackWhatOthersHold()
    {
        await ChainScene.WriteAsync(_sink);

        await FilesRestore.RunAsync(_sink, _store, new RestoreRequest { Backup = Last.Id });

        foreach (var (name, text) in Last.Objects)
        {
            Assert.Equal(text, Encoding.UTF8.GetString(_store.ContentOf("b", name)!));
        }
    }

    [Theory]
    [InlineData("manifest.json")]
    [InlineData("volume-0002.zip")]
    public async Task RunAsync_FileOfAReferencedBackupIsGone_ChangesNothing(string file)
    {
        await ChainScene.WriteAsync(_sink);
        await _sink.DeleteAsync(ArchiveNames.InSink(ChainScene.Days[0].Id, file));

        var exception = await Assert.ThrowsAnyAsync<BackupException>(
            () => FilesRestore.RunAsync(_sink, _store, new RestoreRequest { Backup = Last.Id }));

        Assert.Contains($"Backup {Last.Id} keeps storage/b/a~", exception.Message, StringComparison.Ordinal);
        Assert.Contains(ChainScene.Days[0].Id.Value, exception.Message, StringComparison.Ordinal);
        Assert.Empty(_store.Buckets);
    }

    [Fact]
    public async Task RunAsync_WhatIsChosenNeedsNotTheBackupThatIsGone_BringsItBack()
    {
        await ChainScene.WriteAsync(_sink);
        await _sink.DeleteAsync(ArchiveNames.InSink(ChainScene.Days[0].Id, "manifest.json"));

        await FilesRestore.RunAsync(
            _sink, _store, new RestoreRequest { Backup = Last.Id, Objects = ObjectSelection.Everything with { Prefix = "e" } });

        Assert.Equal("second e"u8.ToArray(), _store.ContentOf("b", "e"));
    }
}

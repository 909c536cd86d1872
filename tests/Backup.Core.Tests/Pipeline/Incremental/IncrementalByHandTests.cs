using System.Text;
using Backup.Core.Archives;
using Backup.Core.ObjectStores;
using Backup.Core.Tests.Pipeline.Fakes;
using Backup.TestKit.Archives;
using Backup.TestKit.Storage;

namespace Backup.Core.Tests.Pipeline.Incremental;

/// <summary>What an incremental backup says to a person who has only its files.</summary>
public sealed class IncrementalByHandTests
{
    private static readonly DateTimeOffset Stored = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly IncrementalScene _scene = new() { Store = StoreOf("first") };

    [Fact]
    public async Task RunAsync_Incremental_TellsWhichBackupsAreNeeded()
    {
        var full = await _scene.FullAsync();
        _scene.Store = StoreOf("second");

        var result = await _scene.IncrementalAsync();

        var reader = await ArchiveReader.OpenAsync(_scene.Sink, result.Id, CancellationToken.None);
        var needed = Assert.Single(reader.Manifest.References!);
        var guide = Encoding.UTF8.GetString(await reader.ReadAllAsync(EntryPaths.RestoreGuide));
        Assert.Contains($"- `{full.Id}`: {needed.Entries} files, {needed.StoredBytes} bytes", guide, StringComparison.Ordinal);
        var script = Encoding.UTF8.GetString(await reader.ReadAllAsync(EntryPaths.LoadData));
        Assert.StartsWith("-- Unless RESTORE.md says nothing of it, some of the files named below lie in older backups", script, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_Full_TellsNothingOfOthers()
    {
        var result = await _scene.FullAsync();

        var reader = await ArchiveReader.OpenAsync(_scene.Sink, result.Id, CancellationToken.None);
        Assert.DoesNotContain("incremental", Encoding.UTF8.GetString(await reader.ReadAllAsync(EntryPaths.RestoreGuide)), StringComparison.Ordinal);
        Assert.DoesNotContain("older backups", Encoding.UTF8.GetString(await reader.ReadAllAsync(EntryPaths.LoadData)), StringComparison.Ordinal);
    }

    private static InMemoryObjectStore StoreOf(string text) => new InMemoryObjectStore()
        .With(ObjectOf("same", "same"), "same"u8.ToArray())
        .With(ObjectOf("other", text), Encoding.UTF8.GetBytes(text));

    private static StoredObject ObjectOf(string name, string text) => new()
    {
        Bucket = "b",
        Name = name,
        ETag = $"\"{text}\"",
        Version = text,
        UpdatedAt = Stored,
    };
}

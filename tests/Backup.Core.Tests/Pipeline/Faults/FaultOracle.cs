using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.ObjectStores;
using Backup.Core.Sinks;
using Backup.Core.Verification;

namespace Backup.Core.Tests.Pipeline.Faults;

/// <summary>Knows what a committed backup must hold.</summary>
/// <param name="world">What there was to back up.</param>
/// <param name="strikes">What struck the run.</param>
internal sealed class FaultOracle(FaultWorld world, IReadOnlyList<FaultStrike> strikes)
{
    private readonly HashSet<string> _struck = [.. strikes.Where(strike => !strike.IsHarmless).Select(strike => strike.Item)];

    /// <summary>Asserts that a backup is intact, holds what it should, byte for byte, and names all else.</summary>
    /// <returns>The backup's manifest.</returns>
    public async Task<BackupManifest> AssertSoundAsync(IBackupSink sink, BackupId id)
    {
        var report = await new BackupVerifier(sink).VerifyAsync(id);
        Assert.Empty(report.Findings);
        var reader = await ArchiveReader.OpenAsync(sink, id, CancellationToken.None);
        var entries = new Dictionary<string, IndexEntry>(StringComparer.Ordinal);
        await foreach (var entry in reader.ReadIndexAsync("", CancellationToken.None))
        {
            entries.Add(entry.Path, entry);
        }

        if (reader.Manifest.Database is { } database)
        {
            await AssertTablesAsync(reader, database, entries);
        }

        if (reader.Manifest.Storage is { } storage)
        {
            await AssertObjectsAsync(reader, storage, entries.Values);
        }

        return reader.Manifest;
    }

    private async Task AssertTablesAsync(ArchiveReader reader, DatabaseSection database, Dictionary<string, IndexEntry> entries)
    {
        var failed = FailuresOf(reader.Manifest, FailureKind.Table);
        foreach (var table in world.Tables)
        {
            if (database.Tables.SingleOrDefault(record => record.Name == table.Name) is not { } record)
            {
                Assert.Contains(table.QualifiedName.ToString(), failed);
                continue;
            }

            Assert.DoesNotContain(table.QualifiedName.ToString(), failed);
            var rows = new MemoryStream();
            for (var page = 1; page <= record.Pages; page++)
            {
                await rows.WriteAsync(await ReadAsync(reader, entries[EntryPaths.Page(record.Path, page)]));
            }

            Assert.True(rows.ToArray().SequenceEqual(table.Blocks.SelectMany(block => block)), $"Rows of {table.Name} differ.");
            Assert.Equal(table.RowCount, record.Rows);
        }

        Assert.Equal(world.Tables.Length, database.Tables.Count + failed.Count);
    }

    private async Task AssertObjectsAsync(ArchiveReader reader, StorageSection storage, IEnumerable<IndexEntry> entries)
    {
        var failed = FailuresOf(reader.Manifest, FailureKind.StoredObject);
        var held = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in entries.Where(entry => entry.Object is not null))
        {
            var item = $"{entry.Object!.Bucket}/{entry.Object.Name}";
            var versions = world.VersionsOf(item).Take(storage.Listing == ObjectListingMethod.Database ? 1 : int.MaxValue);
            var version = Assert.Single(versions, version => version.Stored == entry.Object);
            var bytes = await ReadAsync(reader, entry);
            Assert.True(bytes.SequenceEqual(version.Content), $"Bytes of {item} differ.");
            Assert.True(held.Add(item), $"{item} is held twice.");
        }

        Assert.Empty(held.Intersect(failed));
        Assert.Equal(world.Objects.Order(StringComparer.Ordinal), held.Concat(failed).Order(StringComparer.Ordinal));
    }

    // What failed for no reason is no failure that could be excused.
    private List<string> FailuresOf(BackupManifest manifest, FailureKind kind)
    {
        var failed = manifest.Failures.Where(failure => failure.Kind == kind).Select(failure => failure.Subject).ToList();
        Assert.All(failed, item => Assert.Contains(item, _struck));
        return failed;
    }

    private static async Task<byte[]> ReadAsync(ArchiveReader reader, IndexEntry entry)
    {
        var bytes = new MemoryStream();
        await using var stream = await reader.OpenEntryAsync(entry, CancellationToken.None);
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}

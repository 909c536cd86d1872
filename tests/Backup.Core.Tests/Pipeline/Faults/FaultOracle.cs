using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.ObjectStores;
using Backup.Core.Sinks;
using Backup.Core.Verification;

namespace Backup.Core.Tests.Pipeline.Faults;

/// <summary>Knows what a committed backup must hold: of each part of its run what there was when that part began.</summary>
/// <param name="world">What there was to back up.</param>
/// <param name="strikes">What struck the run.</param>
internal sealed class FaultOracle(FaultWorld world, IReadOnlyList<FaultStrike> strikes)
{
    private readonly HashSet<string> _struck = [.. strikes.Where(strike => !strike.IsHarmless).Select(strike => strike.Item)];

    /// <summary>Asserts that a backup is intact, holds what it should, byte for byte, and names all else.</summary>
    /// <returns>The backup's manifest.</returns>
    public async Task<BackupManifest> AssertSoundAsync(IBackupSink sink, BackupId id)
    {
        Assert.Empty((await new BackupVerifier(sink).VerifyAsync(id)).Findings);
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
        var tables = StateOf(reader.Manifest, int.MaxValue).Tables;
        Assert.Equal(
            tables.Select(table => table.QualifiedName.ToString()).Order(StringComparer.Ordinal),
            database.Tables.Select(record => $"{record.Schema}.{record.Name}").Concat(failed).Order(StringComparer.Ordinal));
        foreach (var record in database.Tables)
        {
            var pages = Enumerable.Range(1, record.Pages).Select(page => entries[EntryPaths.Page(record.Path, page)]).ToList();
            var rows = new MemoryStream();
            foreach (var page in pages)
            {
                await rows.WriteAsync(await ReadAsync(reader, page));
            }

            // All pages of one table are of one snapshot; where they need not be, nothing changes between the parts. Those that the parent
            // holds do not say of which part they are.
            var states = pages.TrueForAll(page => page.Backup is not null) && pages.Count > 0
                ? StatesOf(reader.Manifest)
                : pages.Where(page => page.Backup is null).Select(page => StateOf(reader.Manifest, page.Volume)).DefaultIfEmpty(StateOf(reader.Manifest, int.MaxValue));
            var found = states.SelectMany(state => state.Tables.Where(table => table.Name == record.Name)).Distinct().ToList();
            Assert.True(found.Count == 1 || pages.Exists(page => page.Backup is not null), $"{record.Name} is of several snapshots.");
            Assert.True(
                found.Exists(table => table.RowCount == record.Rows && rows.ToArray().SequenceEqual(table.Blocks.SelectMany(block => block))),
                $"Rows of {record.Name} differ.");
        }
    }

    private async Task AssertObjectsAsync(ArchiveReader reader, StorageSection storage, IEnumerable<IndexEntry> entries)
    {
        var failed = FailuresOf(reader.Manifest, FailureKind.StoredObject);
        var held = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in entries.Where(entry => entry.Object is not null))
        {
            var item = $"{entry.Object!.Bucket}/{entry.Object.Name}";
            var versions = storage.Listing == ObjectListingMethod.Store
                ? world.VersionsOf(item)
                : entry.Backup is not null
                    ? [.. StatesOf(reader.Manifest).Where(state => state.Objects.ContainsKey(item)).Select(state => state.Objects[item]).Distinct()]
                    : [StateOf(reader.Manifest, entry.Volume).Objects[item]];
            var version = Assert.Single(versions, version => version.Stored == entry.Object);
            var bytes = await ReadAsync(reader, entry);
            Assert.True(bytes.SequenceEqual(version.Content), $"Bytes of {item} differ.");
            Assert.True(held.Add(item), $"{item} is held twice.");
        }

        // An earlier part may have stored what was gone when the last one began.
        var listed = StateOf(reader.Manifest, int.MaxValue).Objects.Keys.ToHashSet(StringComparer.Ordinal);
        Assert.Empty(held.Intersect(failed));
        Assert.Empty(listed.Except(held).Except(failed));
        Assert.Empty(failed.Except(listed));
    }

    // What there was when each part of the run began.
    private IEnumerable<FaultState> StatesOf(BackupManifest manifest) =>
        (manifest.Parts?.Select(part => part.StartedAt) ?? [manifest.StartedAt]).Select(at => world.States.Last(state => state.At <= at));

    // What there was when the part began that wrote a volume.
    private FaultState StateOf(BackupManifest manifest, int volume)
    {
        var startedAt = manifest.Parts is { } parts ? parts.Last(part => part.FirstVolume <= volume).StartedAt : manifest.StartedAt;
        return world.States.Last(state => state.At <= startedAt);
    }

    // While one call hangs, time passes for all others too.
    private bool IsExcused(string item) => _struck.Contains(item) || strikes.Any(strike => strike.Kind is FaultKind.Hangs or FaultKind.HangsDeaf);

    // What failed for no reason is no failure that could be excused.
    private List<string> FailuresOf(BackupManifest manifest, FailureKind kind)
    {
        var failed = manifest.Failures.Where(failure => failure.Kind == kind).Select(failure => failure.Subject).ToList();
        Assert.All(failed, item => Assert.True(IsExcused(item), $"{item} failed for no reason."));
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

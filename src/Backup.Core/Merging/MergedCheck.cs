using Backup.Core.Archives;
using Backup.Core.Archives.Indexing;
using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Resuming;
using Backup.Core.Archives.Zip;
using Backup.Core.Errors;
using Backup.Core.Sinks;
using Backup.Core.Verification;

namespace Backup.Core.Merging;

/// <summary>
/// Checks what a merge has written before it is committed, as the sink gives it back: its index against that of the merged backup, and the
/// directory of each volume against the index. What the entries hold was proven, and is in the volumes' digests, as it was copied.
/// </summary>
/// <param name="sink">Where it lies.</param>
/// <param name="id">The new backup.</param>
/// <param name="contents">What was written.</param>
internal sealed class MergedCheck(IBackupSink sink, BackupId id, ArchiveContents contents)
{
    private readonly RepeatedIndex _written =
        new(token => IndexMerge.ReadAsync(sink, id, contents.IndexParts.Select(IndexFile.Of), string.Empty, token));

    /// <summary>Runs the check.</summary>
    /// <param name="source">The merged backup.</param>
    /// <param name="index">Its index.</param>
    /// <param name="selection">Which of its entries were copied.</param>
    /// <param name="cancellationToken">Cancels the check.</param>
    /// <exception cref="ArchiveFormatException">Something differs.</exception>
    public async Task RunAsync(BackupId source, RepeatedIndex index, EntrySelection selection, CancellationToken cancellationToken)
    {
        await CompareIndexAsync(source, index, selection, cancellationToken).ConfigureAwait(false);
        var files = await RunFiles.ListAsync(sink, id, ArchiveNames.VolumePrefix, cancellationToken).ConfigureAwait(false);
        for (var number = 1; number <= contents.Volumes.Count; number++)
        {
            var volume = contents.Volumes[number - 1];
            if (!files.TryGetValue(volume.Name, out var bytes) || bytes != volume.Bytes)
            {
                throw Differs(volume.Name, $"has {bytes} bytes in the sink, and {volume.Bytes} were written");
            }

            await CompareDirectoryAsync(volume, number, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task CompareIndexAsync(
        BackupId source, RepeatedIndex index, EntrySelection selection, CancellationToken cancellationToken)
    {
        var expected = index.ReadAsync(cancellationToken).Where(selection.Includes).GetAsyncEnumerator(cancellationToken);
        await using var ofExpected = expected.ConfigureAwait(false);
        var actual = _written.ReadAsync(cancellationToken).Where(selection.Includes).GetAsyncEnumerator(cancellationToken);
        await using var ofActual = actual.ConfigureAwait(false);
        while (await expected.MoveNextAsync().ConfigureAwait(false))
        {
            if (!await actual.MoveNextAsync().ConfigureAwait(false) || !IsSame(expected.Current, actual.Current))
            {
                throw Differs(expected.Current.Path, $"is not in its index as in that of {source}");
            }
        }

        if (await actual.MoveNextAsync().ConfigureAwait(false))
        {
            throw Differs(actual.Current.Path, $"is in its index and not in that of {source}");
        }
    }

    private static bool IsSame(IndexEntry left, IndexEntry right) =>
        left.Path == right.Path && left.Name == right.Name && left.Method == right.Method && left.RawBytes == right.RawBytes
        && left.StoredBytes == right.StoredBytes && left.Crc32 == right.Crc32 && left.Digest == right.Digest && left.Object == right.Object;

    private async Task CompareDirectoryAsync(VolumeRecord volume, int number, CancellationToken cancellationToken)
    {
        // Compact, since a volume may hold tens of thousands.
        var entries = new List<VolumeEntry>(volume.Entries);
        await foreach (var entry in ReadIndexOfAsync(number, cancellationToken).ConfigureAwait(false))
        {
            entries.Add(VolumeEntry.Of(entry));
        }

        entries.Sort(static (left, right) => left.Offset.CompareTo(right.Offset));
        var place = 0;
        var reader = new ZipVolumeReader(sink, ArchiveNames.InSink(id, volume.Name), volume.Bytes);
        await foreach (var facts in reader.ReadCentralDirectoryAsync(cancellationToken).ConfigureAwait(false))
        {
            if (place == entries.Count || !IsSame(entries[place++], facts))
            {
                throw Differs(volume.Name, $"has a directory that does not list {facts.Path} as the index does");
            }
        }

        if (place != entries.Count)
        {
            throw Differs(volume.Name, $"has a directory of {place} entries where the index lists {entries.Count}");
        }
    }

    private IAsyncEnumerable<IndexEntry> ReadIndexOfAsync(int volume, CancellationToken cancellationToken) => _written.IsKept
        ? _written.ReadAsync(cancellationToken).Where(entry => entry.Volume == volume)
        : IndexMerge.ReadAsync(
            sink, id, contents.IndexParts.Where(part => part.Volume == volume).Select(IndexFile.Of), string.Empty, cancellationToken);

    private static bool IsSame(VolumeEntry entry, ZipEntryFacts facts) =>
        entry.IsAt(facts.Path) && entry.Offset == facts.Offset && entry.Method == facts.Method && entry.Crc32 == facts.Crc32
        && entry.StoredBytes == facts.StoredBytes && entry.RawBytes == facts.RawBytes;

    private ArchiveFormatException Differs(string subject, string what) => new($"The merged backup {id} is not what was written: {subject} {what}.")
    {
        Subject = subject,
        Hint = "It was not committed. The sink does not keep what it is given; check its disk.",
    };
}

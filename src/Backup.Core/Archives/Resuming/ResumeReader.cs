using Backup.Core.Archives.Indexing;
using Backup.Core.Archives.Referencing;
using Backup.Core.Errors;
using Backup.Core.Sinks;

namespace Backup.Core.Archives.Resuming;

/// <summary>Puts the checkpoints of a run together. Used once.</summary>
internal sealed class ResumeReader(IBackupSink sink, BackupId id, TimeProvider timeProvider)
{
    private readonly CheckpointTotals _totals = new();
    private readonly ObjectPaths _paths = new();
    private readonly ReferenceTotals _references = new();
    private readonly Dictionary<string, StoredBucket> _buckets = new(StringComparer.Ordinal);
    private readonly HashSet<string> _pageFolders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _pageCounts = [];
    private long _rawBytes;

    /// <summary>Reads checkpoints and index, and deletes what no checkpoint names.</summary>
    public async Task<ResumeState> ReadAsync(CancellationToken cancellationToken)
    {
        var files = await RunFiles.ListAsync(sink, id, string.Empty, cancellationToken).ConfigureAwait(false);
        ThrowUnlessResumable(files);
        for (var number = 1; files.TryGetValue(ArchiveNames.Checkpoint(number), out var bytes); number++)
        {
            _totals.Add(
                await CheckpointFile.ReadAsync(sink, id, number, bytes, cancellationToken).ConfigureAwait(false),
                ArchiveNames.InSink(id, ArchiveNames.Checkpoint(number)));
        }

        ThrowUnlessThere(files);
        var objects = await ReadIndexAsync(cancellationToken).ConfigureAwait(false);
        await DeleteUnnamedAsync(files.Keys, cancellationToken).ConfigureAwait(false);
        return new ResumeState
        {
            Id = id,
            Fingerprint = _totals.Last.Run.Fingerprint,
            Parent = _totals.Last.Run.Parent,
            Parts = _totals.Parts,
            Checkpoints = _totals.Last.Number,
            Volumes = _totals.Volumes,
            IndexParts = _totals.IndexParts,
            ReferenceParts = _totals.ReferenceParts,
            References = _references,
            Tables = _totals.Tables,
            Pages = _totals.Pages,
            Objects = objects,
            ObjectPaths = _paths,
            Buckets = _buckets,
            PageFolders = _pageFolders,
            PageCounts = _pageCounts,
            RawBytes = _rawBytes,
        };
    }

    private void ThrowUnlessResumable(Dictionary<string, long> files)
    {
        if (files.ContainsKey(ArchiveNames.Manifest))
        {
            throw new ResumeException($"Backup {id} in {sink.Capabilities.Location} is finished.")
            {
                Subject = id.Value,
                Hint = "There is nothing to take up: verify it, or begin a new run.",
            };
        }

        var last = files.Keys.Max(ArchiveNames.CheckpointNumber);
        if (last is null)
        {
            throw new ResumeException($"{sink.Capabilities.Location} holds no run {id} that could be taken up again.")
            {
                Subject = id.Value,
                Hint = "Only runs that were begun as resumable and have made a volume durable can be: list them, or begin a new one.",
            };
        }

        // One in the middle cannot have been lost by a crash.
        if (Enumerable.Range(1, last.Value).FirstOrDefault(number => !files.ContainsKey(ArchiveNames.Checkpoint(number))) is var gap and > 0)
        {
            throw CheckpointFile.Damaged(ArchiveNames.InSink(id, ArchiveNames.Checkpoint(gap)), $"is missing, and checkpoint {last} is there");
        }
    }

    private void ThrowUnlessThere(Dictionary<string, long> files)
    {
        var named = _totals.Volumes.Select(volume => (volume.Name, volume.Bytes))
            .Concat(_totals.IndexParts.Select(part => (part.Name, part.Bytes)))
            .Concat(_totals.ReferenceParts.Select(part => (part.Name, part.Bytes)));
        foreach (var (name, bytes) in named)
        {
            if (files.GetValueOrDefault(name, -1) is var actual && actual != bytes)
            {
                throw new ResumeException(
                    $"{ArchiveNames.InSink(id, name)} has {(actual < 0 ? "gone" : $"{actual} bytes")} where a checkpoint names {bytes} bytes.")
                {
                    Subject = ArchiveNames.InSink(id, name),
                    Hint = "What the run had stored was changed since: begin a new run, and remove this one with 'backup-core clean --all'.",
                };
            }
        }
    }

    private async ValueTask<StoredObjectLookup> ReadIndexAsync(CancellationToken cancellationToken)
    {
        var parts = _totals.IndexParts.Select(IndexFile.Of).Concat(_totals.ReferenceParts.Select(IndexFile.Of)).ToList();
        var objects = new StoredObjectLookup(sink, id, parts.Sum(part => (long)part.Entries));
        foreach (var part in parts)
        {
            await foreach (var entry in new IndexPartReader(sink, id, part).ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                _rawBytes = long.MaxValue - _rawBytes >= entry.RawBytes
                    ? _rawBytes + entry.RawBytes
                    : throw CheckpointFile.Damaged(ArchiveNames.InSink(id, part.Name), "lists more bytes than there can be");
                if (entry.Backup is not null)
                {
                    _references.Add(entry);
                }

                if (entry.Object is { } stored)
                {
                    objects.Add(part, stored);
                    _paths.Keep(entry.Path);
                    _buckets[stored.Bucket] = _buckets.GetValueOrDefault(stored.Bucket).With(entry);
                }
                else
                {
                    PageFolders.AddTo(_pageFolders, entry.Path);
                    PageFolders.CountIn(_pageCounts, entry.Path);
                }
            }
        }

        return objects;
    }

    // Newest first, as an abort does: index parts before their volume.
    private async ValueTask DeleteUnnamedAsync(IEnumerable<string> files, CancellationToken cancellationToken)
    {
        var kept = _totals.Volumes.Select(volume => volume.Name).Concat(_totals.IndexParts.Select(part => part.Name))
            .Concat(_totals.ReferenceParts.Select(part => part.Name))
            .ToHashSet(StringComparer.Ordinal);
        foreach (var file in files.Where(file => !kept.Contains(file) && !ArchiveNames.IsOfRun(file)).Order(StringComparer.Ordinal))
        {
            await sink.DeleteAsync(ArchiveNames.InSink(id, file), cancellationToken).ConfigureAwait(false);
        }

        RunFiles.RemovePartials(sink, id, timeProvider.GetUtcNow());
    }
}

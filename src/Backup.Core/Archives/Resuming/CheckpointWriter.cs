using Backup.Core.Archives.Manifest;
using Backup.Core.Sinks;

namespace Backup.Core.Archives.Resuming;

/// <summary>Writes the checkpoints of one part of a run.</summary>
/// <remarks>Used by one caller at a time.</remarks>
internal sealed class CheckpointWriter(
    IBackupSink sink, BackupId id, PublishedFiles published, RunHeader header, Func<CancellationToken, ValueTask<CheckpointContent>> content, TimeProvider timeProvider)
{
    private int _count;

    /// <summary>How many checkpoints there are, those of earlier parts among them.</summary>
    public int Count
    {
        get => _count;
        init => _count = value;
    }

    /// <summary>
    /// Whether this part has kept anything that a later part will not read again: a table, an object, a page where tables may be
    /// mixed. Pages of a table that did not become complete count for nothing.
    /// </summary>
    public bool HasKept { get; private set; }

    /// <summary>Says what has become durable; nothing is written where that is nothing.</summary>
    /// <param name="volume">The volume that has; <see langword="null"/> for none.</param>
    /// <param name="indexParts">Its index.</param>
    /// <param name="referenceParts">The parts of the references that have.</param>
    /// <param name="hasObjects">Whether volume or references hold stored objects.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async ValueTask WriteAsync(
        VolumeRecord? volume,
        IReadOnlyList<IndexPartRecord> indexParts,
        IReadOnlyList<ReferencePartRecord> referenceParts,
        bool hasObjects,
        CancellationToken cancellationToken)
    {
        var added = await content(cancellationToken).ConfigureAwait(false);
        if (volume is null && referenceParts.Count == 0 && added.Tables.Count == 0 && added.Pages.Count == 0)
        {
            return;
        }

        var checkpoint = new Checkpoint
        {
            FormatVersion = referenceParts.Count == 0 ? FormatVersions.Plain : FormatVersions.Referencing,
            Id = id,
            Number = _count + 1,
            WrittenAt = timeProvider.GetUtcNow(),
            Run = header,
            Volume = volume,
            IndexParts = indexParts,
            ReferenceParts = referenceParts.Count == 0 ? null : referenceParts,
            Tables = added.Tables,
            Pages = added.Pages,
        };
        var name = ArchiveNames.Checkpoint(checkpoint.Number);
        await published.WriteAsync(name, CheckpointFile.Serialize(checkpoint), cancellationToken).ConfigureAwait(false);
        _count++;
        HasKept |= hasObjects || added.Tables.Count > 0 || added.Pages.Count > 0;
        if (HasKept)
        {
            // Not before: a part that kept nothing of use is taken back whole, or backups of tables that never end would grow for ever.
            published.Keep();
        }
    }

    /// <summary>Deletes all checkpoints of a backup that is committed. Never throws.</summary>
    /// <returns>Those that stayed, and why; <see langword="null"/> when none has.</returns>
    public async ValueTask<LeftFiles?> DeleteAsync()
    {
        try
        {
            for (; _count > 0; _count--)
            {
                await sink.DeleteAsync(ArchiveNames.InSink(id, ArchiveNames.Checkpoint(_count)), CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            return new LeftFiles([.. Enumerable.Range(1, _count).Select(ArchiveNames.Checkpoint)], exception);
        }

        return null;
    }
}

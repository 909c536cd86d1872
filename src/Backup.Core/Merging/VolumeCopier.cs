using Backup.Core.Archives;
using Backup.Core.Sinks;

namespace Backup.Core.Merging;

/// <summary>
/// Copies entries volume by volume. A volume of which much is needed is read once from end to end, and its SHA-256 proves it; of
/// one of which little is needed only that is read, and each entry is unpacked on its way to prove it. Used once, by one caller.
/// </summary>
/// <param name="sink">Where the volumes are.</param>
/// <param name="entries">Copies the entries.</param>
internal sealed class VolumeCopier(IBackupSink sink, EntryCopier entries)
{
    private SourceRange? _open;

    /// <summary>Copies entries.</summary>
    /// <param name="runs">The entries, in the order of their places.</param>
    /// <param name="cancellationToken">Cancels the copy.</param>
    /// <exception cref="Errors.ArchiveFormatException">A volume is damaged.</exception>
    public async Task CopyAsync(IAsyncEnumerable<EntryRun> runs, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var run in runs.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                var range = await OpenAsync(run, cancellationToken).ConfigureAwait(false);
                foreach (var entry in run.Entries)
                {
                    await CopyAsync(range, entry, cancellationToken).ConfigureAwait(false);
                }
            }

            await CompleteAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await CloseAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask<SourceRange> OpenAsync(EntryRun run, CancellationToken cancellationToken)
    {
        if (_open is { IsProven: true } open && open.Volume == run.Volume)
        {
            return open;
        }

        await CompleteAsync(cancellationToken).ConfigureAwait(false);
        _open = run.Volume.IsReadWhole
            ? await SourceRange.OpenAsync(sink, run.Volume, cancellationToken).ConfigureAwait(false)
            : await SourceRange.OpenAsync(sink, run.Volume, run.Entries[0].Offset, run.End, cancellationToken).ConfigureAwait(false);
        return _open;
    }

    private async ValueTask CopyAsync(SourceRange range, IndexEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Offset >= range.Position)
        {
            await entries.CopyAsync(range, entry, cancellationToken).ConfigureAwait(false);
            return;
        }

        // Its bytes have passed already, under another path.
        var again = await SourceRange.OpenAsync(sink, range.Volume, entry.Offset, range.Volume.EndOf(entry), cancellationToken).ConfigureAwait(false);
        await using (again.ConfigureAwait(false))
        {
            await entries.CopyAsync(again, entry, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        if (_open is { } open)
        {
            await open.CompleteAsync(entries.Buffer, cancellationToken).ConfigureAwait(false);
            await CloseAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask CloseAsync()
    {
        if (_open is { } open)
        {
            _open = null;
            await open.DisposeAsync().ConfigureAwait(false);
        }
    }
}

using System.Buffers;
using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Zip;
using Backup.Core.Errors;
using Backup.Core.Sinks;

namespace Backup.Core.Verification;

/// <summary>
/// Compares what the verified backup says of entries in one volume of another backup with that backup's own index, and unpacks them.
/// Used for one volume, by one caller.
/// </summary>
internal sealed class ReferencedVolumeCheck : IAsyncDisposable
{
    private const int BufferBytes = 128 * 1024;

    // To read over so many bytes costs no more than to open the volume anew behind them.
    private const long MaxSkippedBytes = 1024 * 1024;

    // A path is looked for in all references: worth it for a few findings, not for thousands.
    private const int MaxLookUps = 20;

    private readonly IBackupSink _sink;
    private readonly ArchiveReader _archive;
    private readonly ArchiveReader _other;
    private readonly ReferencedVolume _place;
    private readonly List<ReferencedEntry> _entries;
    private readonly VerificationRun _run;
    private readonly TableCounts _tables;
    private readonly VolumeRecord _record;
    private readonly ZipVolumeReader _volume;
    private readonly string _name;
    private SinkInput? _input;
    private long _counted;
    private int _lookUps;

    /// <summary>Prepares the check.</summary>
    /// <param name="sink">Where both backups are.</param>
    /// <param name="archive">The verified backup.</param>
    /// <param name="other">The backup that holds the entries.</param>
    /// <param name="place">The volume that does.</param>
    /// <param name="entries">The entries, in the order of their offsets.</param>
    /// <param name="run">Takes what is found.</param>
    /// <param name="tables">Takes the rows.</param>
    public ReferencedVolumeCheck(
        IBackupSink sink,
        ArchiveReader archive,
        ArchiveReader other,
        ReferencedVolume place,
        List<ReferencedEntry> entries,
        VerificationRun run,
        TableCounts tables)
    {
        _sink = sink;
        _archive = archive;
        _other = other;
        _place = place;
        _entries = entries;
        _run = run;
        _tables = tables;
        _record = other.Manifest.Volumes.First(record => record.Name == ArchiveNames.Volume(place.Number));
        _volume = other.Volume(place.Number);
        _name = ArchiveNames.InSink(place.Backup, _record.Name);
    }

    /// <summary>Compares the entries with the other backup's index.</summary>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async ValueTask CompareIndexAsync(CancellationToken cancellationToken)
    {
        VolumeEntries indexed;
        try
        {
            indexed = await VolumeEntries.ReadAsync(_other, _place.Number, cancellationToken).ConfigureAwait(false);
        }
        catch (ArchiveFormatException exception)
        {
            _run.Find(VerificationFindingKind.Malformed, _name, $"The index of the volume that holds entries of this backup is damaged: {exception.Message}");
            return;
        }
        catch (SinkException exception)
        {
            _run.Find(VerificationFindingKind.Unreadable, _name, $"The index of the volume that holds entries of this backup cannot be read: {exception.Message}");
            return;
        }

        var place = 0;
        foreach (var entry in _entries)
        {
            while (place < indexed.Count && indexed[place].Offset < entry.Entry.Offset)
            {
                place++;
            }

            if (place == indexed.Count || indexed[place] != entry.Entry)
            {
                _run.Find(
                    VerificationFindingKind.Inconsistent,
                    await SubjectOfAsync(entry.Entry, cancellationToken).ConfigureAwait(false),
                    $"The index of backup {_place.Backup} has no such entry at byte {entry.Entry.Offset}, or says something else of it.");
            }
            else
            {
                _run.AddReference();
            }
        }
    }

    /// <summary>Unpacks the entries.</summary>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async ValueTask ReadAsync(CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var check = new EntryCheck(_run, _volume, buffer, CountStored);
            var (last, rows) = ((VolumeEntry?)null, 0L);
            foreach (var entry in _entries)
            {
                // Two lines may name the same bytes.
                rows = entry.Entry == last ? rows : await ReadAsync(check, entry, buffer, cancellationToken).ConfigureAwait(false);
                last = entry.Entry;
                if (entry.Table is { } table)
                {
                    _tables.AddRows(table, rows);
                }
            }
        }
        catch (SinkException exception)
        {
            _run.Find(VerificationFindingKind.Unreadable, _name, exception.Message);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Closes the volume.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_input is { } open)
        {
            _input = null;
            await open.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask<long> ReadAsync(EntryCheck check, ReferencedEntry entry, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            var input = await MoveAsync(entry.Entry.Offset, buffer, cancellationToken).ConfigureAwait(false);
            var local = await _volume.ReadLocalAsync(input, entry.Entry.Offset, cancellationToken).ConfigureAwait(false);
            var path = entry.Entry.IsAt(local.Path) ? local.Path : $"the entry at byte {entry.Entry.Offset}";
            var indexed = entry.Entry.ToIndexEntry(path, _place.Number);
            var rows = await check.RunAsync(input, local, indexed, entry.Table is not null, cancellationToken).ConfigureAwait(false);
            CountStored();
            _run.AddEntry(entry.IsObject);
            return rows;
        }
        catch (ArchiveFormatException exception)
        {
            _run.Find(
                VerificationFindingKind.WrongDigest,
                await SubjectOfAsync(entry.Entry, cancellationToken).ConfigureAwait(false),
                exception.Message);
            return 0;
        }
    }

    private async ValueTask<SinkInput> MoveAsync(long offset, byte[] buffer, CancellationToken cancellationToken)
    {
        if (offset < 0 || offset > _record.Bytes)
        {
            throw new ArchiveFormatException($"The index places it at byte {offset} of a volume of {_record.Bytes} bytes.");
        }

        if (_input is { } open && offset - (_record.Bytes - open.Remaining) is >= 0 and <= MaxSkippedBytes and var gap)
        {
            await open.SkipAsync(gap, buffer, cancellationToken).ConfigureAwait(false);
            return open;
        }

        await DisposeAsync().ConfigureAwait(false);
        var stream = await _sink.OpenReadAsync(_name, offset, null, cancellationToken).ConfigureAwait(false);
        _counted = offset;
        return _input = new SinkInput(stream, _name, _record.Bytes - offset);
    }

    private void CountStored()
    {
        var position = _record.Bytes - _input!.Remaining;
        _run.AddStored(position - _counted);
        _counted = position;
    }

    private async ValueTask<string> SubjectOfAsync(VolumeEntry entry, CancellationToken cancellationToken)
    {
        if (++_lookUps <= MaxLookUps)
        {
            await foreach (var candidate in _archive.ReadReferencesAsync(cancellationToken).ConfigureAwait(false))
            {
                if (ReferencedVolume.Of(candidate) == _place && VolumeEntry.Of(candidate with { Path = candidate.PathInVolume }) == entry)
                {
                    return $"{_name}: {candidate.Path}";
                }
            }
        }

        return $"{_name}: the entry at byte {entry.Offset}";
    }
}

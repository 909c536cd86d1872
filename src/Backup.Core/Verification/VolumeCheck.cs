using System.Buffers;
using System.Security.Cryptography;
using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Zip;
using Backup.Core.Diagnostics;
using Backup.Core.Errors;
using Backup.Core.Sinks;

namespace Backup.Core.Verification;

/// <summary>
/// Reads one volume once, front to back: every entry against the index, then the central directory against the index, and the
/// whole file against the manifest's digest. Used for one volume, by one caller.
/// </summary>
internal sealed class VolumeCheck
{
    private const int BufferBytes = 128 * 1024;

    private readonly IBackupSink _sink;
    private readonly ArchiveReader _archive;
    private readonly VerificationRun _run;
    private readonly TableCounts _tables;
    private readonly ObjectCounts _objects;
    private readonly int _number;
    private readonly long _actualBytes;
    private readonly VolumeRecord _record;
    private readonly ZipVolumeReader _volume;

    private byte[] _buffer = [];
    private VolumeEntries _entries = VolumeEntries.None;
    private long _counted;

    /// <summary>Prepares the check of a volume.</summary>
    /// <param name="sink">Where it lies.</param>
    /// <param name="archive">The backup.</param>
    /// <param name="record">What the manifest says of the volume.</param>
    /// <param name="actualBytes">Its size in bytes as the sink lists it.</param>
    /// <param name="run">Takes what is found.</param>
    /// <param name="tables">Takes the rows.</param>
    /// <param name="objects">Says which entries are objects.</param>
    public VolumeCheck(
        IBackupSink sink,
        ArchiveReader archive,
        VolumeRecord record,
        long actualBytes,
        VerificationRun run,
        TableCounts tables,
        ObjectCounts objects)
    {
        _sink = sink;
        _archive = archive;
        _number = ArchiveNames.VolumeNumber(record.Name)!.Value;
        _actualBytes = actualBytes;
        _run = run;
        _tables = tables;
        _objects = objects;
        _record = record;
        _volume = archive.Volume(_number);
    }

    /// <summary>Runs the check.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var span = BackupSpans.Start(BackupTelemetry.VerifyVolumeSpan);
        span?.SetTag(BackupTelemetry.VolumeAttribute, _record.Name).SetTag(BackupTelemetry.BytesAttribute, _actualBytes);
        _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            _entries = await ReadIndexAsync(cancellationToken).ConfigureAwait(false);
            var name = ArchiveNames.InSink(_archive.Manifest.Id, _record.Name);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var stream = await _sink.OpenReadAsync(name, 0, null, cancellationToken).ConfigureAwait(false);
            var input = new SinkInput(stream, _record.Name, _record.Bytes, hash);
            await using var disposal = input.ConfigureAwait(false);
            await CheckEntriesAsync(input, cancellationToken).ConfigureAwait(false);
            await CheckDirectoryAsync(input, cancellationToken).ConfigureAwait(false);
            await input.SkipAsync(input.Remaining, _buffer, cancellationToken).ConfigureAwait(false);
            CountStored(input);
            CompareDigest(Convert.ToHexStringLower(hash.GetHashAndReset()));
            _run.AddFile();
        }
        catch (ArchiveFormatException exception)
        {
            _run.Find(VerificationFindingKind.Malformed, _record.Name, exception.Message);
        }
        catch (SinkException exception)
        {
            _run.Find(VerificationFindingKind.Unreadable, _record.Name, exception.Message);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }
    }

    // A damaged index has been reported already; what is left to check is then the file as such.
    private async Task<VolumeEntries> ReadIndexAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await VolumeEntries.ReadAsync(_archive, _number, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is ArchiveFormatException or SinkException)
        {
            return VolumeEntries.None;
        }
    }

    private void CompareDigest(string digest)
    {
        if (digest != _record.Sha256)
        {
            _run.Find(
                VerificationFindingKind.WrongDigest, _record.Name, $"Its SHA-256 is {digest}, the manifest says {_record.Sha256}.");
        }
    }

    private async Task CheckEntriesAsync(SinkInput input, CancellationToken cancellationToken)
    {
        var check = new EntryCheck(_run, _volume, _buffer, () => CountStored(input));
        for (var place = 0; place < _entries.Count; place++)
        {
            var entry = _entries[place];
            var position = _record.Bytes - input.Remaining;
            if (entry.Offset < position || entry.Offset > _record.Bytes)
            {
                _run.Find(
                    VerificationFindingKind.Unsafe,
                    SubjectOf(await _entries.FindPathAsync(entry, cancellationToken).ConfigureAwait(false)),
                    $"The index places it at byte {entry.Offset}, within another entry or outside the volume.");
                continue;
            }

            await input.SkipAsync(entry.Offset - position, _buffer, cancellationToken).ConfigureAwait(false);
            await CheckEntryAsync(check, input, entry, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task CheckEntryAsync(EntryCheck check, SinkInput input, VolumeEntry entry, CancellationToken cancellationToken)
    {
        string? path = null;
        try
        {
            var local = await _volume.ReadLocalAsync(input, entry.Offset, cancellationToken).ConfigureAwait(false);
            path = entry.IsAt(local.Path) ? local.Path : await _entries.FindPathAsync(entry, cancellationToken).ConfigureAwait(false);
            var indexed = entry.ToIndexEntry(path, _number);
            var table = _tables.FindTable(indexed);
            var rows = await check.RunAsync(input, local, indexed, table is not null, cancellationToken).ConfigureAwait(false);
            if (table is { } number)
            {
                _tables.AddRows(number, rows);
            }

            _run.AddEntry(_objects.IsObject(path));
        }
        catch (ArchiveFormatException exception) when (_actualBytes >= _record.Bytes)
        {
            // Of a volume that was cut short, what is missing is one finding, not one for each entry.
            path ??= await _entries.FindPathAsync(entry, cancellationToken).ConfigureAwait(false);
            _run.Find(VerificationFindingKind.WrongDigest, SubjectOf(path), exception.Message);
        }
    }

    private async Task CheckDirectoryAsync(SinkInput input, CancellationToken cancellationToken)
    {
        var end = await _volume.ReadEndAsync(cancellationToken).ConfigureAwait(false);
        var position = _record.Bytes - input.Remaining;
        if (end.DirectoryOffset < position)
        {
            _run.Find(
                VerificationFindingKind.Unsafe,
                _record.Name,
                $"Its central directory is said to begin at byte {end.DirectoryOffset}, within the entries, which end at {position}.");
            return;
        }

        await input.SkipAsync(end.DirectoryOffset - position, _buffer, cancellationToken).ConfigureAwait(false);
        var place = 0;
        await foreach (var facts in _volume.ReadDirectoryAsync(input, end, cancellationToken).ConfigureAwait(false))
        {
            for (; place < _entries.Count && _entries[place].Offset < facts.Offset; place++)
            {
                await MissingAsync(_entries[place], cancellationToken).ConfigureAwait(false);
            }

            if (place < _entries.Count && _entries[place].Offset == facts.Offset)
            {
                await CompareAsync(_entries[place++], facts, cancellationToken).ConfigureAwait(false);
            }
            else if (_entries.Count > 0)
            {
                _run.Find(
                    VerificationFindingKind.Unexpected, SubjectOf(facts.Path), "The volume holds this entry, the index does not list it.");
            }
        }

        for (; place < _entries.Count; place++)
        {
            await MissingAsync(_entries[place], cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task MissingAsync(VolumeEntry entry, CancellationToken cancellationToken) => _run.Find(
        VerificationFindingKind.Missing,
        SubjectOf(await _entries.FindPathAsync(entry, cancellationToken).ConfigureAwait(false)),
        "The index lists this entry, the volume's central directory does not.");

    private async Task CompareAsync(VolumeEntry entry, ZipEntryFacts facts, CancellationToken cancellationToken)
    {
        var path = entry.IsAt(facts.Path) ? facts.Path : await _entries.FindPathAsync(entry, cancellationToken).ConfigureAwait(false);
        var expected = facts with
        {
            Path = path,
            Method = entry.Method,
            Crc32 = entry.Crc32,
            StoredBytes = entry.StoredBytes,
            RawBytes = entry.RawBytes,
        };
        if (facts != expected)
        {
            _run.Find(
                VerificationFindingKind.Inconsistent,
                SubjectOf(path),
                $"The volume's central directory says {facts}, the index {expected}.");
        }
    }

    private void CountStored(SinkInput input)
    {
        var position = _record.Bytes - input.Remaining;
        _run.AddStored(position - _counted);
        _counted = position;
    }

    private string SubjectOf(string path) => $"{_record.Name}: {path}";
}

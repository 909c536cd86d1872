using System.Buffers;
using System.Security.Cryptography;
using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Zip;
using Backup.Core.Compression;
using Backup.Core.Errors;
using Backup.Core.Sinks;

namespace Backup.Core.Archives;

/// <summary>
/// Reads one volume once, front to back, and compares every byte of it with what the index and the manifest say: local headers,
/// data (unpacked and digested), descriptors, central directory, end, SHA-256.
/// </summary>
/// <remarks>Used once, by one caller. Several checks of different volumes may run at once.</remarks>
internal sealed class VolumeCheck
{
    /// <summary>Where the check of a volume stops: whoever has so many faults learns nothing from more.</summary>
    public const int MaxFaults = 1000;

    private const int ScratchBytes = 256 * 1024;

    private readonly IBackupSink _sink;
    private readonly string _name;
    private readonly VolumeRecord _volume;
    private readonly IReadOnlyList<IndexEntry> _entries;
    private readonly Func<CompressionMethod, ICompressor> _compressors;
    private readonly ZipVolumeReader _reader;
    private readonly List<VolumeFault> _faults = [];
    private readonly byte[] _descriptor = new byte[ZipFormat.DescriptorBytes];

    /// <summary>Prepares a check.</summary>
    /// <param name="sink">Where the volume lies.</param>
    /// <param name="name">Its object name.</param>
    /// <param name="volume">What the manifest says of it.</param>
    /// <param name="entries">What the index says of it, in the order of offsets.</param>
    /// <param name="compressors">Gives the compressor of a method.</param>
    public VolumeCheck(
        IBackupSink sink,
        string name,
        VolumeRecord volume,
        IReadOnlyList<IndexEntry> entries,
        Func<CompressionMethod, ICompressor> compressors)
    {
        _sink = sink;
        _name = name;
        _volume = volume;
        _entries = entries;
        _compressors = compressors;
        _reader = new ZipVolumeReader(sink, name, volume.Bytes);
    }

    /// <summary>How many entries were found intact.</summary>
    public int IntactEntries { get; private set; }

    /// <summary>How many raw bytes of entries were unpacked and digested.</summary>
    public long RawBytes { get; private set; }

    /// <summary>Runs the check.</summary>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>What is wrong, at most <see cref="MaxFaults"/> things; none for an intact volume.</returns>
    /// <exception cref="SinkException">The volume is missing or the medium fails.</exception>
    public async ValueTask<IReadOnlyList<VolumeFault>> RunAsync(CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var scratch = ArrayPool<byte>.Shared.Rent(ScratchBytes);
        try
        {
            var stream = await _sink.OpenReadAsync(_name, 0, null, cancellationToken).ConfigureAwait(false);
            var input = new SinkInput(stream, _name, _volume.Bytes, hash);
            await using (input.ConfigureAwait(false))
            {
                try
                {
                    await ReadAsync(input, scratch, cancellationToken).ConfigureAwait(false);
                    await CheckEndAsync(stream, hash, scratch, cancellationToken).ConfigureAwait(false);
                }
                catch (ArchiveFormatException exception) when (input.IsCutShort)
                {
                    Report(_name, exception.Message);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }

        return _faults;
    }

    private async ValueTask ReadAsync(SinkInput input, byte[] scratch, CancellationToken cancellationToken)
    {
        foreach (var entry in _entries)
        {
            if (_faults.Count >= MaxFaults)
            {
                break;
            }

            var faults = _faults.Count;
            try
            {
                await CheckEntryAsync(input, entry, scratch, cancellationToken).ConfigureAwait(false);
            }
            catch (ArchiveFormatException exception) when (!input.IsCutShort)
            {
                Report(entry.Path, exception.Message);
            }

            IntactEntries += _faults.Count == faults ? 1 : 0;
        }

        try
        {
            await CheckDirectoryAsync(input, scratch, cancellationToken).ConfigureAwait(false);
        }
        catch (ArchiveFormatException exception) when (!input.IsCutShort)
        {
            Report(_name, exception.Message);
        }

        await input.SkipAsync(input.Remaining, scratch, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask CheckEntryAsync(
        SinkInput input, IndexEntry entry, byte[] scratch, CancellationToken cancellationToken)
    {
        var position = _volume.Bytes - input.Remaining;
        if (entry.Offset < position || entry.Offset >= _volume.Bytes)
        {
            Report(entry.Path, $"The index places {entry.Path} at byte {entry.Offset} of {_name}, over another entry or beyond its end.");
            return;
        }

        // What lies between two entries is what was left of entries that were given up.
        await input.SkipAsync(entry.Offset - position, scratch, cancellationToken).ConfigureAwait(false);
        var isStreamed = await _reader.CheckLocalAsync(input, entry, cancellationToken).ConfigureAwait(false);
        if (entry.StoredBytes > input.Remaining)
        {
            Report(entry.Path, $"The index gives {entry.Path} {entry.StoredBytes} bytes of {_name}, which has only {input.Remaining} left.");
            return;
        }

        var packed = new SinkInput(input, _name, entry.StoredBytes, leaveOpen: true);
        try
        {
            await UnpackAsync(packed, entry, scratch, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (!input.IsCutShort)
            {
                await packed.SkipAsync(packed.Remaining, scratch, cancellationToken).ConfigureAwait(false);
            }
        }

        if (isStreamed)
        {
            await input.FillAsync(_descriptor, "a descriptor", cancellationToken).ConfigureAwait(false);
            if (!ZipRecordDecoder.IsDescriptorOf(_descriptor, entry))
            {
                Report(entry.Path, $"The data descriptor after {entry.Path} in {_name} is not what the index says.");
            }
        }
    }

    private async ValueTask UnpackAsync(SinkInput packed, IndexEntry entry, byte[] scratch, CancellationToken cancellationToken)
    {
        var raw = new EntryStream(_compressors(entry.Method).OpenDecompressor(packed), packed, entry);
        await using (raw.ConfigureAwait(false))
        {
            int count;
            while ((count = await raw.ReadAsync(scratch.AsMemory(0, ScratchBytes), cancellationToken).ConfigureAwait(false)) > 0)
            {
                RawBytes += count;
            }
        }
    }

    private async ValueTask CheckDirectoryAsync(SinkInput input, byte[] scratch, CancellationToken cancellationToken)
    {
        var end = await _reader.ReadEndAsync(cancellationToken).ConfigureAwait(false);
        var gap = end.DirectoryOffset - (_volume.Bytes - input.Remaining);
        if (gap < 0)
        {
            Report(_name, $"The central directory of {_name} begins before its last entry ends.");
            return;
        }

        await input.SkipAsync(gap, scratch, cancellationToken).ConfigureAwait(false);
        var number = 0;
        await foreach (var listed in _reader.ReadDirectoryAsync(input, end, cancellationToken).ConfigureAwait(false))
        {
            if (number >= _entries.Count || !Agree(listed, _entries[number]))
            {
                Report(listed.Path, $"The central directory of {_name} describes {listed.Path} otherwise than the index.");
                return;
            }

            number++;
        }

        if (number < _entries.Count)
        {
            Report(_entries[number].Path, $"The central directory of {_name} lists {number} entries, the index {_entries.Count}.");
        }
    }

    private async ValueTask CheckEndAsync(Stream stream, IncrementalHash hash, byte[] scratch, CancellationToken cancellationToken)
    {
        if (await stream.ReadAsync(scratch.AsMemory(0, 1), cancellationToken).ConfigureAwait(false) != 0)
        {
            Report(_name, $"{_name} is longer than the {_volume.Bytes} bytes that the manifest names.");
        }

        if (Convert.ToHexStringLower(hash.GetHashAndReset()) is var sha256 && sha256 != _volume.Sha256)
        {
            Report(_name, $"{_name} has the SHA-256 {sha256}; the manifest names {_volume.Sha256}.");
        }
    }

    private void Report(string subject, string problem) => _faults.Add(new VolumeFault(subject, problem));

    private static bool Agree(in ZipEntryFacts listed, IndexEntry entry) =>
        listed == new ZipEntryFacts(
            entry.Path, entry.Method, listed.IsStreamed, entry.Crc32, entry.StoredBytes, entry.RawBytes, entry.Offset);
}

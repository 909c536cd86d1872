using System.Collections.Concurrent;
using Backup.Core.Archives.Indexing;
using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Zip;
using Backup.Core.Compression;
using Backup.Core.Errors;
using Backup.Core.Sinks;

namespace Backup.Core.Archives;

/// <summary>Reads one committed backup. Keeps only its manifest: several threads may read at once.</summary>
internal sealed class ArchiveReader
{
    private readonly IBackupSink _sink;

    // Kept for the contexts that they pool.
    private readonly ConcurrentDictionary<CompressionMethod, ICompressor> _compressors = new();

    private ArchiveReader(IBackupSink sink, BackupManifest manifest)
    {
        _sink = sink;
        Manifest = manifest;
    }

    /// <summary>What the backup says of itself.</summary>
    public BackupManifest Manifest { get; }

    /// <summary>Opens a backup: reads and checks its manifest.</summary>
    /// <param name="sink">Where it lies.</param>
    /// <param name="id">The backup.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="BackupNotFoundException">There is no such backup, or it was never finished.</exception>
    /// <exception cref="ArchiveFormatException">Its manifest is damaged or of a newer major version.</exception>
    public static async ValueTask<ArchiveReader> OpenAsync(IBackupSink sink, BackupId id, CancellationToken cancellationToken) =>
        new(sink, await ManifestFile.ReadAsync(sink, id, cancellationToken).ConfigureAwait(false));

    /// <summary>Reads the index in the ordinal order of paths, in memory that does not grow with the number of entries.</summary>
    /// <param name="pathPrefix">Only entries whose paths begin so; empty for all.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>The entries. That none is missing or changed is proven only once the enumeration has ended without an exception.</returns>
    /// <exception cref="ArchiveFormatException">The index is damaged.</exception>
    public IAsyncEnumerable<IndexEntry> ReadIndexAsync(string pathPrefix, CancellationToken cancellationToken) =>
        IndexMerge.ReadAsync(_sink, Manifest.Id, Manifest.IndexParts, pathPrefix, cancellationToken);

    /// <summary>Reads the entries of one volume, in the ordinal order of paths.</summary>
    /// <param name="volume">The volume's number, from 1.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="ArchiveFormatException">The index is damaged.</exception>
    public IAsyncEnumerable<IndexEntry> ReadVolumeIndexAsync(int volume, CancellationToken cancellationToken) =>
        IndexMerge.ReadAsync(_sink, Manifest.Id, Manifest.IndexParts.Where(part => part.Volume == volume), string.Empty, cancellationToken);

    /// <summary>Finds an entry.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>The entry; <see langword="null"/> when there is none.</returns>
    /// <exception cref="ArchiveFormatException">The index is damaged.</exception>
    public async ValueTask<IndexEntry?> FindAsync(string path, CancellationToken cancellationToken)
    {
        IndexEntry? found = null;
        await foreach (var entry in ReadIndexAsync(path, cancellationToken).ConfigureAwait(false))
        {
            if (entry.Path == path)
            {
                found = entry;
            }
        }

        return found;
    }

    /// <summary>Opens the raw bytes of an entry.</summary>
    /// <param name="entry">The entry, as the index gives it.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    /// <returns>
    /// A forward-only stream that the caller disposes. The read that gives the last bytes throws an
    /// <see cref="ArchiveFormatException"/> unless size, CRC-32 and digest are what the index says.
    /// </returns>
    /// <exception cref="ArchiveFormatException">The volume has no such entry at that place.</exception>
    public async ValueTask<Stream> OpenEntryAsync(IndexEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Volume < 1 || entry.Volume > Manifest.Volumes.Count)
        {
            throw new ArchiveFormatException($"The index places {entry.Path} in volume {entry.Volume}, which backup {Manifest.Id} has not.")
            {
                Subject = entry.Path,
            };
        }

        var packed = await Volume(entry.Volume).OpenPackedAsync(entry, cancellationToken).ConfigureAwait(false);
        return new EntryStream(Compressor(entry.Method).OpenDecompressor(packed), packed, entry);
    }

    /// <summary>Opens a volume as such.</summary>
    /// <param name="number">Its number, from 1 to the number of volumes.</param>
    public ZipVolumeReader Volume(int number)
    {
        var volume = Manifest.Volumes[number - 1];
        return new ZipVolumeReader(_sink, ArchiveNames.InSink(Manifest.Id, volume.Name), volume.Bytes);
    }

    private ICompressor Compressor(CompressionMethod method) => _compressors.GetOrAdd(method, Compressors.ForMethod);
}

using System.Collections.Concurrent;
using Backup.Core.Archives.Indexing;
using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Referencing;
using Backup.Core.Archives.Zip;
using Backup.Core.Compression;
using Backup.Core.Errors;
using Backup.Core.Sinks;

namespace Backup.Core.Archives;

/// <summary>
/// Reads one committed backup, and from others what it references. Keeps only manifests: several threads may read at once.
/// </summary>
internal sealed class ArchiveReader
{
    private readonly IBackupSink _sink;
    private readonly BackupVolumes _volumes;
    private readonly ReferencedBackups _references;

    // Kept for the contexts that they pool.
    private readonly ConcurrentDictionary<CompressionMethod, ICompressor> _compressors = new();

    private ArchiveReader(IBackupSink sink, BackupManifest manifest)
    {
        _sink = sink;
        Manifest = manifest;
        _volumes = new BackupVolumes(sink, manifest.Id, manifest.Volumes);
        _references = new ReferencedBackups(sink, manifest);
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

    /// <summary>Opens all backups that this one references, so that one that is missing is known before anything is read.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BackupNotFoundException">One is not there.</exception>
    /// <exception cref="ArchiveFormatException">One is damaged, or is not the one that was referenced.</exception>
    public ValueTask OpenReferencesAsync(CancellationToken cancellationToken) => _references.OpenAllAsync(cancellationToken);

    /// <summary>
    /// Looks whether the volumes of other backups are there that hold entries of this one, so that one that is missing is known before
    /// anything is read. Reads the references once, and nothing where there are none.
    /// </summary>
    /// <param name="isNeeded">Says which entries matter.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BackupNotFoundException">A backup is not there.</exception>
    /// <exception cref="ArchiveFormatException">One is damaged, is not the one that was referenced, or lacks a volume.</exception>
    public ValueTask ConfirmReferencesAsync(Func<IndexEntry, bool> isNeeded, CancellationToken cancellationToken) =>
        _references.ConfirmAsync(ReadReferencesAsync(cancellationToken).Where(isNeeded), cancellationToken);

    /// <summary>Reads index and references in the ordinal order of paths, in memory that does not grow with the number of entries.</summary>
    /// <param name="pathPrefix">Only entries whose paths begin so; empty for all.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>The entries. That none is missing or changed is proven only once the enumeration has ended without an exception.</returns>
    /// <exception cref="ArchiveFormatException">The index is damaged.</exception>
    public IAsyncEnumerable<IndexEntry> ReadIndexAsync(string pathPrefix, CancellationToken cancellationToken) =>
        IndexMerge.ReadAsync(_sink, Manifest.Id, IndexFile.AllOf(Manifest), pathPrefix, cancellationToken);

    /// <summary>Reads only the entries that other backups hold, in the ordinal order of paths.</summary>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="ArchiveFormatException">The references are damaged.</exception>
    public IAsyncEnumerable<IndexEntry> ReadReferencesAsync(CancellationToken cancellationToken) =>
        IndexMerge.ReadAsync(_sink, Manifest.Id, (Manifest.ReferenceParts ?? []).Select(IndexFile.Of), string.Empty, cancellationToken);

    /// <summary>Reads the entries of one volume of this backup, in the ordinal order of paths.</summary>
    /// <param name="volume">The volume's number, from 1.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="ArchiveFormatException">The index is damaged.</exception>
    public IAsyncEnumerable<IndexEntry> ReadVolumeIndexAsync(int volume, CancellationToken cancellationToken) =>
        IndexMerge.ReadAsync(
            _sink, Manifest.Id, Manifest.IndexParts.Where(part => part.Volume == volume).Select(IndexFile.Of), string.Empty, cancellationToken);

    /// <summary>Reads one file of index lines, in the ordinal order of paths.</summary>
    /// <param name="part">A part of the index or of the references of this backup.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="ArchiveFormatException">The part is damaged.</exception>
    public IAsyncEnumerable<IndexEntry> ReadPartAsync(IndexFile part, CancellationToken cancellationToken) =>
        new IndexPartReader(_sink, Manifest.Id, part).ReadAsync(cancellationToken);

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
    /// <exception cref="BackupNotFoundException">The backup that holds the bytes is not there.</exception>
    /// <exception cref="ArchiveFormatException">The volume has no such entry at that place, or it lies in a backup that is not what was referenced.</exception>
    public async ValueTask<Stream> OpenEntryAsync(IndexEntry entry, CancellationToken cancellationToken)
    {
        var packed = entry.Backup is null
            ? await OwnVolume(entry).OpenPackedAsync(entry, cancellationToken).ConfigureAwait(false)
            : await OpenReferencedAsync(entry, cancellationToken).ConfigureAwait(false);
        return new EntryStream(Compressor(entry.Method).OpenDecompressor(packed), packed, entry, Manifest.Id);
    }

    /// <summary>Opens a volume of this backup as such.</summary>
    /// <param name="number">Its number, as its name says it.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is none of that number.</exception>
    public ZipVolumeReader Volume(int number) => _volumes.Find(number) ?? throw new ArgumentOutOfRangeException(nameof(number), number, null);

    private ZipVolumeReader OwnVolume(IndexEntry entry) =>
        _volumes.Find(entry.Volume)
        ?? throw new ArchiveFormatException($"The index places {entry.Path} in volume {entry.Volume}, which backup {Manifest.Id} has not.")
        {
            Subject = entry.Path,
        };

    private async ValueTask<SinkInput> OpenReferencedAsync(IndexEntry entry, CancellationToken cancellationToken)
    {
        var volume = await _references.FindVolumeAsync(entry, cancellationToken).ConfigureAwait(false);
        try
        {
            return await volume.OpenPackedAsync(entry, cancellationToken).ConfigureAwait(false);
        }
        catch (SinkException exception) when (exception.IsNotFound)
        {
            throw _references.Missing(entry, exception);
        }
    }

    private ICompressor Compressor(CompressionMethod method) => _compressors.GetOrAdd(method, Compressors.ForMethod);
}

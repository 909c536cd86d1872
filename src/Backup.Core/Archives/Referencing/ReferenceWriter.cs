using Backup.Core.Archives.Indexing;
using Backup.Core.Archives.Manifest;

namespace Backup.Core.Archives.Referencing;

/// <summary>
/// Writes the references of a backup, part by part. A part is published as soon as it is full: what it names is durable already, in
/// other backups.
/// </summary>
/// <remarks>Used by one caller at a time.</remarks>
internal sealed class ReferenceWriter(PublishedFiles published, IReadOnlyList<ReferencePartRecord> earlier, long memoryBytes)
{
    private readonly IndexPartPacker _packer = new(memoryBytes);
    private readonly List<ReferencePartRecord> _published = [.. earlier];
    private int _taken = earlier.Count;

    /// <summary>The parts that are durable, in order.</summary>
    public IReadOnlyList<ReferencePartRecord> Published => _published;

    /// <summary>Adds an entry that another backup holds.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="cancellationToken">Cancels the publication of a full part.</param>
    /// <returns>Whether the part was full and is durable now.</returns>
    public async ValueTask<bool> AddAsync(IndexEntry entry, CancellationToken cancellationToken)
    {
        _packer.Add(entry);
        if (!_packer.IsFull)
        {
            return false;
        }

        await PublishAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Makes all that was added durable.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async ValueTask PublishAsync(CancellationToken cancellationToken)
    {
        if (await _packer.PackAsync(cancellationToken).ConfigureAwait(false) is { } part)
        {
            var name = ArchiveNames.ReferencePart(_published.Count + 1);
            var sha256 = await published.WriteAsync(name, part.Bytes, cancellationToken).ConfigureAwait(false);
            _published.Add(new ReferencePartRecord(name, part.Bytes.Length, sha256, part.Entries, part.FirstPath, part.LastPath));
        }
    }

    /// <summary>The parts that became durable since this was last asked.</summary>
    public IReadOnlyList<ReferencePartRecord> TakePublished()
    {
        var parts = _published[_taken..];
        _taken = _published.Count;
        return parts;
    }
}

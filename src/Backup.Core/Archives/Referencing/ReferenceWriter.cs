using Backup.Core.Archives.Indexing;
using Backup.Core.Archives.Manifest;

namespace Backup.Core.Archives.Referencing;

/// <summary>
/// Writes the references of a backup, part by part. A part is published as soon as it is full: what it names is durable already, in
/// other backups.
/// </summary>
/// <remarks>
/// Used by one caller at a time. Rows and objects, which come mixed, go into parts of their own: a part of both would overlap with all
/// others, and a reader would have to hold all of them open at once.
/// </remarks>
internal sealed class ReferenceWriter(PublishedFiles published, IReadOnlyList<ReferencePartRecord> earlier, long memoryBytes)
{
    private readonly IndexPartPacker _objects = new();
    private readonly IndexPartPacker _others = new();
    private readonly List<ReferencePartRecord> _published = [.. earlier];
    private int _taken = earlier.Count;

    /// <summary>The parts that are durable, in order.</summary>
    public IReadOnlyList<ReferencePartRecord> Published => _published;

    /// <summary>How many entries were added since <see cref="TakePublished"/> was last asked.</summary>
    public int Untaken { get; private set; }

    /// <summary>Adds an entry that another backup holds.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="cancellationToken">Cancels the publication of a full part.</param>
    public async ValueTask AddAsync(IndexEntry entry, CancellationToken cancellationToken)
    {
        var packer = entry.Object is null ? _others : _objects;
        packer.Add(entry);
        Untaken++;
        if (packer.HasMostEntries)
        {
            await PublishAsync(packer, cancellationToken).ConfigureAwait(false);
        }
        else if (_objects.CollectedBytes + _others.CollectedBytes >= memoryBytes)
        {
            var larger = _objects.CollectedBytes > _others.CollectedBytes ? _objects : _others;
            await PublishAsync(larger, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Makes all that was added durable.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async ValueTask PublishAsync(CancellationToken cancellationToken)
    {
        await PublishAsync(_others, cancellationToken).ConfigureAwait(false);
        await PublishAsync(_objects, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The parts that became durable since this was last asked.</summary>
    public IReadOnlyList<ReferencePartRecord> TakePublished()
    {
        var parts = _published[_taken..];
        _taken = _published.Count;
        Untaken = 0;
        return parts;
    }

    private async ValueTask PublishAsync(IndexPartPacker packer, CancellationToken cancellationToken)
    {
        if (await packer.PackAsync(cancellationToken).ConfigureAwait(false) is { } part)
        {
            var name = ArchiveNames.ReferencePart(_published.Count + 1);
            var sha256 = await published.WriteAsync(name, part.Bytes, cancellationToken).ConfigureAwait(false);
            _published.Add(new ReferencePartRecord(name, part.Bytes.Length, sha256, part.Entries, part.FirstPath, part.LastPath));
        }
    }
}

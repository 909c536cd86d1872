using Backup.Core.Archives.Manifest;

namespace Backup.Core.Archives.Resuming;

/// <summary>Adds up the checkpoints of a run, one after another.</summary>
internal sealed class CheckpointTotals
{
    private readonly List<VolumeRecord> _volumes = [];
    private readonly List<IndexPartRecord> _indexParts = [];
    private readonly List<ReferencePartRecord> _referenceParts = [];
    private readonly List<PartRecord> _parts = [];
    private readonly Dictionary<(string Schema, string Name), CheckpointTable> _tables = [];
    private readonly Dictionary<(string Schema, string Name), CheckpointPages> _pages = [];
    private readonly Dictionary<(string Schema, string Name), SortedDictionary<int, CheckpointPage>> _numbers = [];
    private Checkpoint? _last;

    /// <summary>The last checkpoint.</summary>
    public Checkpoint Last => _last ?? throw new InvalidOperationException("There is no checkpoint.");

    /// <summary>The volumes, in order.</summary>
    public IReadOnlyList<VolumeRecord> Volumes => _volumes;

    /// <summary>Their index, in order.</summary>
    public IReadOnlyList<IndexPartRecord> IndexParts => _indexParts;

    /// <summary>The parts of the references, in order.</summary>
    public IReadOnlyList<ReferencePartRecord> ReferenceParts => _referenceParts;

    /// <summary>The parts, in order.</summary>
    public IReadOnlyList<PartRecord> Parts => _parts;

    /// <summary>The newest complete record of each table.</summary>
    public IReadOnlyList<CheckpointTable> Tables => [.. _tables.Values];

    /// <summary>The pages of what is not complete, those of a table together.</summary>
    public IReadOnlyList<CheckpointPages> Pages => [.. _pages.Select(item => item.Value with { Pages = [.. _numbers[item.Key].Values] })];

    /// <summary>Adds the next checkpoint.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="subject">Its file, for messages.</param>
    /// <exception cref="Errors.ArchiveFormatException">It does not follow those before it.</exception>
    public void Add(Checkpoint checkpoint, string subject)
    {
        if (CheckpointRules.FindFaultAfter(checkpoint, _last, _volumes.Count, _indexParts.Count, _referenceParts.Count) is { } fault)
        {
            throw CheckpointFile.Damaged(subject, fault);
        }

        AddPart(checkpoint);
        _indexParts.AddRange(checkpoint.IndexParts);
        _referenceParts.AddRange(checkpoint.ReferenceParts ?? []);
        if (checkpoint.Volume is { } volume)
        {
            _volumes.Add(volume);
        }

        foreach (var pages in checkpoint.Pages)
        {
            AddPages(pages, subject);
        }

        foreach (var table in checkpoint.Tables)
        {
            var name = (table.Record.Schema, table.Record.Name);
            _tables[name] = table;
            _pages.Remove(name);
            _numbers.Remove(name);
        }

        _last = checkpoint;
    }

    private void AddPart(Checkpoint checkpoint)
    {
        var run = checkpoint.Run;
        if (_parts.Count == run.Part)
        {
            _parts[^1] = _parts[^1] with { FinishedAt = checkpoint.WrittenAt };
            return;
        }

        _parts.Add(new PartRecord
        {
            Number = run.Part,
            StartedAt = run.StartedAt,
            FinishedAt = checkpoint.WrittenAt,
            SnapshotAt = run.SnapshotAt,
            SnapshotLsn = run.SnapshotLsn,
            FirstVolume = _volumes.Count + 1,
        });
    }

    private void AddPages(CheckpointPages pages, string subject)
    {
        var name = (pages.Schema, pages.Name);
        if (_pages.TryGetValue(name, out var before) && before.Path == pages.Path)
        {
            if ((before.Fingerprint, before.RelationFile, before.HeapBlocks, before.PageBlocks)
                != (pages.Fingerprint, pages.RelationFile, pages.HeapBlocks, pages.PageBlocks))
            {
                throw CheckpointFile.Damaged(subject, $"cuts the table {pages.Schema}.{pages.Name} otherwise than one before");
            }
        }
        else
        {
            _pages[name] = pages;
            _numbers[name] = [];
        }

        foreach (var page in pages.Pages)
        {
            if (!_numbers[name].TryAdd(page.Number, page))
            {
                throw CheckpointFile.Damaged(subject, $"names page {page.Number} of {pages.Schema}.{pages.Name} again");
            }
        }
    }
}

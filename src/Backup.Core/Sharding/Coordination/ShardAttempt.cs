using Backup.Core.Archives;
using Backup.Core.Pipeline;
using Backup.Core.Pipeline.Distribution;
using Backup.Core.Sharding.Planning;
using Backup.Core.Sharding.Execution;

namespace Backup.Core.Sharding.Coordination;

/// <summary>One attempt at a shard: the files that it was given numbers for, and how far it is. Its worker's way to ask and to tell.</summary>
/// <remarks>For one worker. After <see cref="Close"/> it gives no more numbers, so that nothing comes of an attempt that was given up.</remarks>
internal sealed class ShardAttempt(Shard shard, int number, ArchiveNumbers numbers, RunProgress progress) : ShardCalls
{
    private readonly Lock _gate = new();
    private readonly List<string> _files = [];
    private WorkerCounts _counts;
    private bool _isClosed;

    /// <summary>The shard.</summary>
    public Shard Shard => shard;

    /// <summary>The attempt's number, from 1.</summary>
    public int Number => number;

    /// <summary>The files that may be there by now, in the order in which their numbers were given.</summary>
    public IReadOnlyList<string> Files
    {
        get
        {
            lock (_gate)
            {
                return [.. _files];
            }
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<int> NextVolumeAsync(CancellationToken cancellationToken)
    {
        var volume = await numbers.NextVolumeAsync(cancellationToken).ConfigureAwait(false);
        Add(ArchiveNames.Volume(volume));
        return volume;
    }

    /// <inheritdoc/>
    public override async ValueTask<int> NextIndexPartAsync(CancellationToken cancellationToken)
    {
        var part = await numbers.NextIndexPartAsync(cancellationToken).ConfigureAwait(false);
        Add(ArchiveNames.IndexPart(part));
        return part;
    }

    /// <inheritdoc/>
    public override ValueTask ReportAsync(WorkerCounts counts, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_isClosed)
            {
                progress.AddElsewhere(counts - _counts);
                _counts = counts;
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Ends the attempt.</summary>
    /// <param name="final">What it has copied in the end; nothing where it failed, whatever it told on the way.</param>
    public void Close(WorkerCounts final)
    {
        lock (_gate)
        {
            if (!_isClosed)
            {
                _isClosed = true;
                progress.AddElsewhere(final - _counts);
            }
        }
    }

    /// <summary>Finds what is wrong with a result of this attempt.</summary>
    /// <returns>The fault in words; <see langword="null"/> when all is well.</returns>
    public string? FindFault(ShardResult result)
    {
        if (result.Shard != shard.Id || result.Attempt != number)
        {
            return $"answered for shard {result.Shard}, attempt {result.Attempt}";
        }

        if (result.Tables.Count != shard.Tables.Count || result.Ranges.Count != shard.Ranges.Count)
        {
            return "answered for other tables or buckets";
        }

        var given = Files.ToHashSet(StringComparer.Ordinal);
        var written = result.Volumes.Select(volume => volume.Name).Concat(result.IndexParts.Select(part => part.Name));
        return written.FirstOrDefault(file => !given.Remove(file)) is { } file ? $"wrote '{file}', whose number it was not given" : null;
    }

    private void Add(string file)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                throw new InvalidOperationException($"Attempt {number} at {shard} has ended.");
            }

            _files.Add(file);
        }
    }
}

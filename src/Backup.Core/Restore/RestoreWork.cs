using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;

namespace Backup.Core.Restore;

/// <summary>
/// Hands out what there is to do: rows, entries whose tables are loaded, the end of the rows, and then everything else. What
/// most other work waits for comes first. Safe for several threads.
/// </summary>
/// <param name="schedule">The entries; used by nobody else.</param>
/// <param name="capacity">How many units of rows may wait here.</param>
/// <param name="opens">Whether the end of the rows opens what waits for it; otherwise the work is over when only that is left.</param>
internal sealed class RestoreWork(PostDataSchedule schedule, int capacity, bool opens)
{
    private readonly Lock _lock = new();
    private readonly Queue<(LoadUnit Unit, double Weight)> _units = new();
    private TaskCompletionSource _changed = NewSignal();
    private RowsState _rows = RowsState.Coming;
    private int _loading;
    private int _making;

    private enum RowsState
    {
        Coming,
        Announced,
        Ending,
        Ended,
    }

    /// <summary>How urgent a table's rows are.</summary>
    public double WeightOf(TableLoad load)
    {
        lock (_lock)
        {
            return WorkCosts.OfLoad(load.Table) + schedule.WeightOf(load.Name);
        }
    }

    /// <summary>Says that a table is complete already.</summary>
    public void AddLoaded(QualifiedName table)
    {
        lock (_lock)
        {
            schedule.AddLoaded(table);
            Signal();
        }
    }

    /// <summary>Offers rows; waits until there is room.</summary>
    public async Task AddAsync(LoadUnit unit, CancellationToken cancellationToken)
    {
        var weight = WeightOf(unit.Load);
        await WaitUntilAsync(
            () =>
            {
                if (_units.Count >= capacity)
                {
                    return false;
                }

                _units.Enqueue((unit, weight));
                Signal();
                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until nothing that was offered is left or being loaded.</summary>
    public Task WhenLoadedAsync(CancellationToken cancellationToken) =>
        WaitUntilAsync(() => _units.Count == 0 && _loading == 0, cancellationToken);

    /// <summary>Says that all rows were offered.</summary>
    public void EndRows()
    {
        lock (_lock)
        {
            _rows = RowsState.Announced;
            Signal();
        }
    }

    /// <summary>Says that everything may be made now.</summary>
    public void Open()
    {
        lock (_lock)
        {
            schedule.Open();
            Signal();
        }
    }

    /// <summary>Waits for something to do.</summary>
    /// <returns>Whether there may be something; <see langword="false"/> when there is nothing more.</returns>
    public async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        var hasWork = false;
        await WaitUntilAsync(
            () =>
            {
                hasWork = _units.Count > 0 || IsEndReady || schedule.CanStart;
                return hasWork || (_rows == RowsState.Ended && _making == 0);
            },
            cancellationToken).ConfigureAwait(false);
        return hasWork;
    }

    /// <summary>Takes what is most urgent; <see langword="null"/> when others were faster.</summary>
    public WorkItem? TryTake()
    {
        lock (_lock)
        {
            if (IsEndReady)
            {
                _rows = RowsState.Ending;
                return default(WorkItem);
            }

            var rows = _units.TryPeek(out var head);
            if (schedule.TryStart(rows ? head.Weight : 0) is { } entry)
            {
                _making++;
                return new WorkItem(null, entry);
            }

            if (!rows)
            {
                return null;
            }

            _units.Dequeue();
            _loading++;
            Signal();
            return new WorkItem(head.Unit, null);
        }
    }

    /// <summary>Takes entries that cost next to nothing, to be made in one message with one that was taken.</summary>
    public IReadOnlyList<TocEntry> TakeAlong(TocEntry first)
    {
        lock (_lock)
        {
            var entries = schedule.StartAlong(first);
            _making += entries.Count;
            return entries;
        }
    }

    /// <summary>Says that rows were loaded, or cannot be.</summary>
    public void Finish(LoadUnit unit)
    {
        lock (_lock)
        {
            _loading--;
            // Others may still bring rows into a partition whose own are there.
            if (unit.Load is { IsComplete: true, IsDistributed: false })
            {
                schedule.AddLoaded(unit.Load.Name);
            }

            Signal();
        }
    }

    /// <summary>Says that an entry was made, or could not be.</summary>
    /// <returns>What is given up with it.</returns>
    public IReadOnlyList<TocEntry> Finish(TocEntry entry, bool isMade)
    {
        lock (_lock)
        {
            _making--;
            Signal();
            if (!isMade)
            {
                return schedule.Fail(entry);
            }

            schedule.Finish(entry);
            return [];
        }
    }

    /// <summary>Says that the end of the rows is done with.</summary>
    public void FinishRows()
    {
        lock (_lock)
        {
            _rows = RowsState.Ended;
            if (opens)
            {
                schedule.Open();
            }

            Signal();
        }
    }

    private bool IsEndReady => _rows == RowsState.Announced && _units.Count == 0 && _loading == 0;

    private async Task WaitUntilAsync(Func<bool> condition, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (condition())
                {
                    return;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private void Signal()
    {
        _changed.SetResult();
        _changed = NewSignal();
    }

    // Whoever waits goes on by itself, not inside the caller's lock.
    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

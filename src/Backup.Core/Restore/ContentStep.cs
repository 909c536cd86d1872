using Backup.Core.Archives.Manifest;
using Backup.Core.Errors;
using Backup.Core.Postgres;
using Backup.Core.Restore.LargeObjects;

namespace Backup.Core.Restore;

/// <summary>Loads the rows, sets the sequences and makes what comes after the rows, over several connections at once.</summary>
/// <remarks>
/// Indexes and constraints are made as soon as the rows of their tables are there, everything else when all rows are; last, one
/// after another, the closing entries.
/// </remarks>
internal sealed class ContentStep
{
    private readonly RestoreContext _context;
    private readonly Dictionary<string, TableLoad> _loads;
    private readonly TableLoad? _largeObjects;
    private readonly TableClearing _clearing;
    private readonly EntryMaker _maker;
    private readonly RestoreWork _work;
    private readonly int _connections;
    private readonly bool _pauses;
    private bool _areRowsEnded;

    /// <summary>Plans the step.</summary>
    /// <param name="context">What the run is about.</param>
    /// <param name="pauses">Whether something of another kind comes between the rows and what has to wait for all of them.</param>
    public ContentStep(RestoreContext context, bool pauses)
    {
        _context = context;
        _pauses = pauses;
        _largeObjects = context.Set.LargeObjects is { } list ? new TableLoad(list) : null;
        _loads = context.Set.Tables.Where(table => table != context.Set.LargeObjects)
            .ToDictionary(table => table.Path, table => new TableLoad(table, IntoOf(table)), StringComparer.Ordinal);
        _clearing = new TableClearing(context);
        _maker = new EntryMaker(context);
        var entries = context.Set.PostData.Where(entry => context.Target.IsMade(entry, context.Set)).ToList();
        var costs = context.Set.Tables.ToDictionary(table => new QualifiedName(table.Schema, table.Name), WorkCosts.OfEntry);
        var units = _loads.Values.Sum(load => context.KeepsRowOrder && !load.IsLargeObjects ? 1L : load.Table.Pages);
        _connections = (int)Math.Clamp(units + entries.Count, 1, context.Connections);
        _work = new RestoreWork(new PostDataSchedule(entries, context.Set.Objects, costs), _connections, opens: !pauses);
    }

    // A partition that is restored without its partitioned table is a table of its own.
    private QualifiedName? IntoOf(TableRecord table) =>
        table.LoadInto is { } root
        && (_context.Request.Scope == RestoreScope.DataOnly
            || _context.Set.PreData.Any(entry => entry.Kind == TocKinds.Table && entry.Schema == root.Schema && entry.Name == root.Name))
            ? new QualifiedName(root.Schema, root.Name)
            : null;

    /// <summary>Loads the rows, and goes on with the rest unless it pauses.</summary>
    /// <returns>What became of each table.</returns>
    /// <exception cref="RestoreException">Something failed and the request stops at the first error.</exception>
    /// <exception cref="DatabaseException">The target cannot be reached any more.</exception>
    public async Task<IReadOnlyList<TableLoad>> RunAsync(CancellationToken cancellationToken)
    {
        var standing = _loads.Values
            .Where(load => !load.IsLargeObjects
                && (_context.Request.Scope == RestoreScope.DataOnly || _context.Set.PlatformTables.ContainsKey(load.Name)))
            .ToList();
        if (_context.Request.Clean && standing.Count > 0)
        {
            await _clearing.EmptyAllAsync(standing, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            await WorkAsync(FillAsync, cancellationToken).ConfigureAwait(false);
        }
        catch (RestoreException exception) when (!_areRowsEnded)
        {
            throw Completed(exception, await _clearing.EmptyUnfinishedAsync(_loads.Values).ConfigureAwait(false));
        }
        catch when (!_areRowsEnded)
        {
            await _clearing.EmptyUnfinishedAsync(_loads.Values).ConfigureAwait(false);
            throw;
        }

        return _largeObjects is null ? [.. _loads.Values] : [.. _loads.Values, _largeObjects];
    }

    /// <summary>Makes what is still to be made, then the closing entries.</summary>
    /// <inheritdoc cref="RunAsync"/>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        if (_pauses)
        {
            _context.Tracker.Enter(RestorePhase.PostData);
            _work.Open();
            await WorkAsync(_ => Task.CompletedTask, cancellationToken).ConfigureAwait(false);
        }

        var closing = _context.Set.Closing.Where(entry => _context.Target.IsMade(entry, _context.Set)).ToList();
        if (closing.Count > 0)
        {
            var session = await _context.OpenAsync(isAlone: true, cancellationToken).ConfigureAwait(false);
            await using var disposal = session.ConfigureAwait(false);
            await _maker.MakeInOrderAsync(session, closing, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WorkAsync(Func<CancellationToken, Task> fill, CancellationToken cancellationToken)
    {
        using var connections = new RowConnections(_context);
        var worker = new RestoreWorker(_work, connections, new TableLoader(_context, Fail), _maker, EndRowsAsync);
        await FirstFault.RunAsync(
            Enumerable.Repeat<Func<CancellationToken, Task>>(worker.RunAsync, _connections).Prepend(fill),
            cancellationToken).ConfigureAwait(false);
    }

    private async Task FillAsync(CancellationToken cancellationToken)
    {
        foreach (var load in _loads.Values.Where(load => load.Table.Pages == 0))
        {
            _context.Tracker.AddTable();
            if (load.IsComplete)
            {
                _work.AddLoaded(load.Name);
            }
        }

        var filled = _loads.Where(item => item.Value.Table.Pages > 0).ToDictionary();
        if (filled.Count > 0)
        {
            var queue = new LoadQueue(_context.Archive, _work, _context.KeepsRowOrder);
            foreach (var step in StepsOf(filled))
            {
                await queue.FillAsync(step, cancellationToken).ConfigureAwait(false);
                await _work.WhenLoadedAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        _work.EndRows();
    }

    private IEnumerable<IReadOnlyDictionary<string, TableLoad>> StepsOf(Dictionary<string, TableLoad> filled) =>
        _context.Target.LoadOrder.Steps is { } steps
            ? steps.Select(step => filled.Where(item => step.Contains(item.Value.Name)).ToDictionary()).Where(step => step.Count > 0)
            : [filled];

    // When all rows were offered: what is not there is missing for good.
    private async Task EndRowsAsync(TargetSession session, CancellationToken cancellationToken)
    {
        foreach (var load in _loads.Values)
        {
            if (load.FindShortfall() is { } shortfall)
            {
                Fail(load, shortfall, null);
            }
        }

        _areRowsEnded = true;
        await _clearing.EmptyFailedAsync(session, _loads.Values, cancellationToken).ConfigureAwait(false);
        await _maker.MakeInOrderAsync(session, _context.Set.Sequences, cancellationToken).ConfigureAwait(false);

        if (_largeObjects is not null)
        {
            await new LargeObjectsStep(_context).FinishAsync(session, _largeObjects, cancellationToken).ConfigureAwait(false);
        }

        if (!_pauses)
        {
            _context.Tracker.Enter(RestorePhase.PostData);
        }
    }

    private void Fail(TableLoad load, RestoreFailure failure, Exception? cause)
    {
        if (!load.Fail(failure))
        {
            return;
        }

        _context.Tracker.Fail(failure);
        _context.Tracker.AddTable();
        if (_context.Request.StopOnFirstError)
        {
            throw TargetFault.ToException(failure, "The run was asked to stop at the first error.", cause);
        }
    }

    private static RestoreException Completed(RestoreException exception, IReadOnlyList<TableLoad> left) => new(
        exception.Message + (left.Count == 0
            ? " Unfinished tables were emptied."
            : $" These tables could not be emptied and may hold a part of their rows: {string.Join(", ", left.Select(load => load.Name))}."),
        exception.InnerException)
    {
        Subject = exception.Subject,
        Stage = exception.Stage,
        Statement = exception.Statement,
        Hint = exception.Hint,
        IsTransient = exception.IsTransient,
    };
}

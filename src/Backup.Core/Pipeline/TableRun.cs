using System.Diagnostics;
using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Resuming;
using Backup.Core.Errors;
using Backup.Core.Pipeline.Incremental;
using Backup.Core.Postgres;

namespace Backup.Core.Pipeline;

/// <summary>One table during a run: what has been read and stored of it, and whether it failed. For any number of threads.</summary>
internal sealed class TableRun
{
    /// <summary>The size of a heap block, in bytes.</summary>
    public const int BlockSize = 8192;

    private readonly Lock _gate = new();
    private readonly TimeProvider _timeProvider;
    private readonly StoredPages _stored;
    private long? _startedAt;
    private long _finishedAt;

    // The stage that plans pages holds one itself until it has planned all of them.
    private int _pagesToCome;
    private int _pagesBeingRead;
    private double _readFraction;
    private long _rowsRead;
    private long _bytesRead;
    private BackupException? _failure;
    private Activity? _span;

    /// <summary>Creates a table of which nothing has been read by this part of the run.</summary>
    /// <param name="info">The table.</param>
    /// <param name="start">What is to be read of it, and what is kept of earlier parts.</param>
    /// <param name="timeProvider">The clock.</param>
    public TableRun(TableInfo info, TableStart start, TimeProvider timeProvider)
    {
        Info = info;
        Start = start;
        IndexName = start.Folder.EndsWith($"/{info.Name}/", StringComparison.Ordinal) ? null : info.Name.ToString();
        ReadingIt = $"reading {info.Name}";
        _timeProvider = timeProvider;
        _pagesToCome = start.Kept is null ? 1 : 0;
        _stored = new StoredPages(start);
    }

    /// <summary>The table.</summary>
    public TableInfo Info { get; }

    /// <summary>Where this part of the run began with it.</summary>
    public TableStart Start { get; }

    /// <summary>How it is cut into pages.</summary>
    public PageLayout Layout => Start.Layout;

    /// <summary>The folder of its pages.</summary>
    public string Folder => Start.Folder;

    /// <summary>The true name for the index, where the folder does not show it; otherwise <see langword="null"/>.</summary>
    public string? IndexName { get; }

    /// <summary>What a reader of its pages does, for the log: made once, as there are very many pages.</summary>
    public string ReadingIt { get; }

    /// <summary>Whether all its rows are in the archive.</summary>
    public bool IsFinished
    {
        get
        {
            lock (_gate)
            {
                return _pagesToCome == 0 && _failure is null;
            }
        }
    }

    /// <summary>What is to be read of it in this part of the run, in heap and TOAST blocks; at least 1 but for a table that is kept or trusted to be unchanged.</summary>
    public long Weight => Start is { Kept: null, IsUnchanged: false } ? (long)Math.Max(1, Info.TotalBytes * (1 - Start.Fraction) / BlockSize) : 0;

    /// <summary>Whether a page could not be read.</summary>
    public bool HasFailed => Volatile.Read(ref _failure) is not null;

    /// <summary>Whether a page is being read now.</summary>
    public bool IsBeingRead
    {
        get
        {
            lock (_gate)
            {
                return _pagesBeingRead > 0;
            }
        }
    }

    /// <summary>The span of the table while it is being read, where somebody listens: the parent of its pages'.</summary>
    public ActivityContext SpanContext
    {
        get
        {
            lock (_gate)
            {
                return _span?.Context ?? default;
            }
        }
    }

    /// <summary>Announces a page.</summary>
    public void AddPage()
    {
        lock (_gate)
        {
            _pagesToCome++;
        }
    }

    /// <summary>Says that a page's reading begins.</summary>
    public void BeginPage(RunTelemetry telemetry)
    {
        lock (_gate)
        {
            if (_startedAt is null)
            {
                _startedAt = _timeProvider.GetTimestamp();
                _span = telemetry.StartTable(Info.Name);
            }

            _pagesBeingRead++;
        }
    }

    /// <summary>Counts rows as they pass.</summary>
    /// <param name="rows">The number of rows.</param>
    /// <param name="bytes">Their size.</param>
    /// <param name="fraction">The part of the table's blocks that they stand for.</param>
    /// <returns>By how much the table's fraction grew; it never grows past 1, however much text the blocks gave.</returns>
    public double AddRead(long rows, long bytes, double fraction)
    {
        lock (_gate)
        {
            var growth = Math.Min(fraction / (1 - Start.Fraction), 1 - _readFraction);
            _rowsRead += rows;
            _bytesRead += bytes;
            _readFraction += growth;
            return growth;
        }
    }

    /// <summary>Takes back rows of a page that will be read again. The fraction stays: it is only ever shown.</summary>
    public void UndoRead(long rows, long bytes)
    {
        lock (_gate)
        {
            _rowsRead -= rows;
            _bytesRead -= bytes;
        }
    }

    /// <summary>Says that a page's reading has ended, well or not.</summary>
    public void EndPage(RunTelemetry telemetry)
    {
        lock (_gate)
        {
            _pagesBeingRead--;
        }

        EndSpanWhenIdle(telemetry);
    }

    /// <summary>Whether a page was stored by an earlier part of the run.</summary>
    public bool HoldsPage(int number) => Start.HeldPages.Contains(number);

    /// <summary>Counts an entry that the archive holds.</summary>
    /// <param name="number">The page.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="bytes">Their size.</param>
    /// <param name="isReused">Whether another backup has the bytes.</param>
    public void AddStored(int number, long rows, long bytes, bool isReused)
    {
        lock (_gate)
        {
            _stored.Add(number, rows, bytes, isReused);
        }
    }

    /// <summary>Counts entries that a worker has stored, of one of the table's parts.</summary>
    public void AddStoredElsewhere(int pages, long rows, long bytes, double fraction)
    {
        lock (_gate)
        {
            _stored.Add(pages, rows, bytes);
            _rowsRead += rows;
            _bytesRead += bytes;
            _readFraction = Math.Min(1, _readFraction + fraction);
        }
    }

    /// <summary>The pages that were stored since this was asked last; empty unless they are to be remembered.</summary>
    public IReadOnlyList<CheckpointPage> TakeNewPages()
    {
        lock (_gate)
        {
            return _stored.TakeNew();
        }
    }

    /// <summary>Says that an announced page is dealt with, or that all pages have been announced.</summary>
    /// <returns>Whether the table is finished with it.</returns>
    public bool CompletePage(RunTelemetry telemetry)
    {
        bool isFinished;
        lock (_gate)
        {
            _finishedAt = _timeProvider.GetTimestamp();
            isFinished = --_pagesToCome == 0;
        }

        EndSpanWhenIdle(telemetry);
        return isFinished;
    }

    /// <summary>What the archive holds of it.</summary>
    public (int Pages, long Rows, long RawBytes) Stored
    {
        get
        {
            lock (_gate)
            {
                return (_stored.Pages, _stored.Rows, _stored.RawBytes);
            }
        }
    }

    /// <summary>Why it could not be read; <see langword="null"/> when nothing has failed.</summary>
    public BackupException? Failure => Volatile.Read(ref _failure);

    /// <summary>Keeps why the table could not be read; the first reason counts.</summary>
    public void Fail(BackupException failure) => Interlocked.CompareExchange(ref _failure, failure, null);

    /// <summary>How far it is, for people.</summary>
    public TableProgress ToProgress()
    {
        lock (_gate)
        {
            return new TableProgress(Info.Name, _readFraction * 100, _rowsRead, _bytesRead);
        }
    }

    /// <summary>What a finished table's line in the manifest is.</summary>
    public TableRecord ToRecord() => Start.Kept ?? new()
    {
        Schema = Info.Name.Schema,
        Name = Info.Name.Name,
        Path = Folder,
        Columns = Info.Columns,
        Pages = _stored.Pages,
        Rows = _stored.Rows,
        RawBytes = _stored.RawBytes,
        Mixed = Start.HeldPages.Count > 0,
        LoadInto = Info.LoadInto is { } root ? new TableName { Schema = root.Schema, Name = root.Name } : null,
        PageBlocks = Info.SupportsCtidRanges && Layout.PageBlocks > 0 ? (int)Layout.PageBlocks : null,
        Activity = Start.HeldPages.Count > 0 ? null : ActivityOfTable.ToRecord(Info),
    };

    /// <summary>What a finished table's line in the result is.</summary>
    public TableResult ToResult()
    {
        var duration = _startedAt is { } startedAt ? _timeProvider.GetElapsedTime(startedAt, _finishedAt) : TimeSpan.Zero;
        return new TableResult(Info.Name, _stored.Pages, _stored.Rows, _stored.RawBytes, duration)
        {
            RowsPerSecond = Rate.PerSecond(_stored.Rows - Start.Rows, duration),
            BytesPerSecond = Rate.PerSecond(_stored.RawBytes - Start.RawBytes, duration),
            ReusedPages = _stored.ReusedPages,
            ReusedBytes = _stored.ReusedBytes,
            WasRead = !Start.IsUnchanged,
        };
    }

    /// <summary>Why it failed, as the manifest tells it; <see langword="null"/> when it did not.</summary>
    public FailureRecord? ToFailure() =>
        Volatile.Read(ref _failure) is { } failure
            ? new FailureRecord(Info.Name.ToString(), failure.Message) { Path = _stored.Pages > 0 ? Folder : null }
            : null;

    // A page is dropped before its failure is noted, and stored after it was read: only when both are over is all known.
    private void EndSpanWhenIdle(RunTelemetry telemetry)
    {
        Activity? ended;
        lock (_gate)
        {
            if (_span is null || _pagesToCome > 0 || _pagesBeingRead > 0)
            {
                return;
            }

            (ended, _span) = (_span, null);
        }

        telemetry.EndTable(ended, ToProgress(), Volatile.Read(ref _failure));
    }
}

using System.Diagnostics;
using Backup.Core.Diagnostics;
using Backup.Core.Postgres;

namespace Backup.Core.Pipeline;

/// <summary>Counts what one run does, for its result and for whoever listens. For any number of threads.</summary>
/// <remarks>Called once for each block and page at the most; what nobody listens to costs a comparison and allocates nothing.</remarks>
internal sealed class RunTelemetry(BackupInstruments instruments, TimeProvider timeProvider) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<Activity> _tables = [];
    private readonly long[] _retries = new long[Enum.GetValues<RetryKind>().Length];
    private IDisposable? _memory;

    /// <summary>What has been tried again so far.</summary>
    public RetryCounts Retries => new(Read(RetryKind.Connection), Read(RetryKind.Page), Read(RetryKind.StoredObject), Read(RetryKind.Sink));

    /// <summary>Observes the run's buffers until it ends.</summary>
    public void WatchMemory(Func<BufferUse> read) => _memory = instruments.WatchMemory(read);

    /// <summary>Counts rows that were read.</summary>
    public void AddRows(long rows, long bytes)
    {
        if (rows > 0 && instruments.Rows.Enabled)
        {
            instruments.Rows.Add(rows, KeyValuePair.Create<string, object?>(BackupTelemetry.OperationAttribute, TelemetryValues.Backup));
        }

        instruments.AddIo(TelemetryValues.Backup, TelemetryValues.Read, TelemetryValues.Database, bytes);
    }

    /// <summary>Counts bytes of an object that were read.</summary>
    public void AddObjectBytes(long bytes) =>
        instruments.AddIo(TelemetryValues.Backup, TelemetryValues.Read, TelemetryValues.Storage, bytes);

    /// <summary>Counts bytes that the volumes grew by.</summary>
    public void AddStored(long bytes) => instruments.AddIo(TelemetryValues.Backup, TelemetryValues.Write, null, bytes);

    /// <summary>Counts objects that the archive holds.</summary>
    public void AddObject(string bucket, long count = 1)
    {
        if (instruments.Objects.Enabled)
        {
            instruments.Objects.Add(count, new TagList
            {
                { BackupTelemetry.OperationAttribute, TelemetryValues.Backup },
                { BackupTelemetry.BucketAttribute, bucket },
            });
        }
    }

    /// <summary>Counts what is tried again.</summary>
    public void AddRetry(RetryKind kind) => AddRetries(kind, 1);

    /// <summary>Counts what a worker has tried again.</summary>
    public void AddRetries(RetryCounts counts)
    {
        AddRetries(RetryKind.Connection, counts.Connections);
        AddRetries(RetryKind.Page, counts.Pages);
        AddRetries(RetryKind.StoredObject, counts.Objects);
        AddRetries(RetryKind.Sink, counts.SinkCalls);
    }

    private void AddRetries(RetryKind kind, long count)
    {
        if (count == 0)
        {
            return;
        }

        Interlocked.Add(ref _retries[(int)kind], count);
        instruments.Retries.Add(count, KeyValuePair.Create<string, object?>(BackupTelemetry.RetryAttribute, Word(kind)));
    }

    /// <summary>Counts a table that is left out.</summary>
    public void AddFailedTable(Exception failure) => AddFailure(TelemetryValues.Table, failure);

    /// <summary>Counts an object that is left out.</summary>
    public void AddFailedObject(Exception failure) => AddFailure(TelemetryValues.StoredObject, failure);

    /// <summary>The moment from which <see cref="AddPage"/> and <see cref="AddDownload"/> measure.</summary>
    public long Now() => timeProvider.GetTimestamp();

    /// <summary>Records how long the reading of a page took.</summary>
    public void AddPage(long since)
    {
        if (instruments.PageDuration.Enabled)
        {
            instruments.PageDuration.Record(timeProvider.GetElapsedTime(since).TotalSeconds);
        }
    }

    /// <summary>Records how long an attempt to download an object took.</summary>
    public void AddDownload(long since)
    {
        if (instruments.ObjectDuration.Enabled)
        {
            instruments.ObjectDuration.Record(timeProvider.GetElapsedTime(since).TotalSeconds);
        }
    }

    /// <summary>Starts the span of a table, which <see cref="EndTable"/> or the end of the run ends.</summary>
    public Activity? StartTable(QualifiedName table)
    {
        if (BackupSpans.StartDetached(BackupTelemetry.TableSpan) is not { } span)
        {
            return null;
        }

        span.SetTag(BackupTelemetry.TableAttribute, table.ToString());
        lock (_gate)
        {
            _tables.Add(span);
        }

        return span;
    }

    /// <summary>Ends the span of a table.</summary>
    public void EndTable(Activity span, TableProgress table, Exception? failure)
    {
        lock (_gate)
        {
            _tables.Remove(span);
        }

        span.SetTag(BackupTelemetry.RowsAttribute, table.Rows);
        span.SetTag(BackupTelemetry.BytesAttribute, table.RawBytes);
        if (failure is not null)
        {
            span.Fail(failure);
        }

        BackupSpans.EndDetached(span);
    }

    /// <summary>Says that the run's backup is committed.</summary>
    public void Succeed(string location, DateTimeOffset finishedAt) => instruments.SetLastSuccess(location, finishedAt, timeProvider);

    /// <summary>Ends what a run that stopped early has left open.</summary>
    public void Dispose()
    {
        _memory?.Dispose();
        lock (_gate)
        {
            _tables.ForEach(BackupSpans.EndDetached);
            _tables.Clear();
        }
    }

    private static string Word(RetryKind kind) => kind switch
    {
        RetryKind.Connection => TelemetryValues.Connection,
        RetryKind.Page => TelemetryValues.Page,
        RetryKind.StoredObject => TelemetryValues.StoredObject,
        _ => TelemetryValues.Sink,
    };

    private long Read(RetryKind kind) => Interlocked.Read(ref _retries[(int)kind]);

    private void AddFailure(string item, Exception failure)
    {
        if (instruments.Failures.Enabled)
        {
            instruments.Failures.Add(1, new TagList
            {
                { BackupTelemetry.ItemAttribute, item },
                { BackupTelemetry.ErrorAttribute, BackupSpans.ErrorType(failure) },
            });
        }
    }
}

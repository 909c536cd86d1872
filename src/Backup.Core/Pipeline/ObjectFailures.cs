using Backup.Core.Archives.Manifest;
using Backup.Core.Diagnostics;
using Backup.Core.Errors;
using Backup.Core.ObjectStores;
using Microsoft.Extensions.Logging;

namespace Backup.Core.Pipeline;

/// <summary>The objects that a run could not back up, each with the reason; too many of them end the run. For any number of threads.</summary>
internal sealed class ObjectFailures(FailureLimit limit, ObjectCounts counts, ILogger logger)
{
    private const int MaxTextLength = 4096;
    private const int ReasonsInMessage = 3;

    private readonly Lock _gate = new();
    private readonly List<FailureRecord> _records = [];
    private ObjectStoreException? _last;

    /// <summary>The failures in the order of their subjects. For the end of the run.</summary>
    public IReadOnlyList<FailureRecord> ToRecords()
    {
        lock (_gate)
        {
            return [.. _records.OrderBy(record => record.Subject, StringComparer.Ordinal)];
        }
    }

    /// <summary>Keeps why an object is not in the backup and never will be.</summary>
    /// <exception cref="ObjectStoreException">There are more failures than the settings allow.</exception>
    public void Add(BucketRun bucket, StoredObject item, ObjectStoreException failure)
    {
        var record = new FailureRecord(Shorten($"{item.Bucket}/{item.Name}"), Shorten(failure.Message.ReplaceLineEndings(" "))) { Kind = FailureKind.StoredObject };
        logger.ObjectFailed(record.Subject, record.Reason);
        bucket.AddFailed();
        counts.Complete(item.Bytes);
        counts.Telemetry.AddFailedObject(failure);
        lock (_gate)
        {
            _records.Add(record);
            _last = failure;
            if (limit.IsExceededBy(_records.Count, counts.Total))
            {
                throw TooMany(failure);
            }
        }
    }

    /// <summary>Keeps what a worker could not back up. It has been counted in its bucket.</summary>
    /// <param name="records">The objects, each with the reason.</param>
    /// <param name="last">The last of the failures.</param>
    /// <exception cref="ObjectStoreException">There are more failures than the settings allow.</exception>
    public void AddElsewhere(IReadOnlyList<FailureRecord> records, ObjectStoreException last)
    {
        foreach (var record in records)
        {
            logger.ObjectFailed(record.Subject, record.Reason);
            counts.Telemetry.AddFailedObject(last);
        }

        lock (_gate)
        {
            _records.AddRange(records);
            _last = last;
            if (limit.IsExceededBy(_records.Count, counts.Total))
            {
                throw TooMany(last);
            }
        }
    }

    /// <summary>The last failure; <see langword="null"/> when there is none.</summary>
    public ObjectStoreException? Last
    {
        get
        {
            lock (_gate)
            {
                return _last;
            }
        }
    }

    /// <summary>Judges once more at the end, when it is known of how many objects the failed ones are a part.</summary>
    /// <exception cref="ObjectStoreException">There are more failures than the settings allow.</exception>
    public void ThrowIfTooMany()
    {
        lock (_gate)
        {
            if (_last is { } failure && limit.IsExceededBy(_records.Count, counts.Total))
            {
                throw TooMany(failure);
            }
        }
    }

    // A name put in by SQL has no bound, and the manifest has one.
    private static string Shorten(string text) => text.Length <= MaxTextLength ? text : $"{text.AsSpan(0, MaxTextLength)}…";

    private ObjectStoreException TooMany(ObjectStoreException failure)
    {
        var first = string.Join("; ", _records.Take(ReasonsInMessage).Select(record => record.Reason.TrimEnd('.')));
        var rest = _records.Count > ReasonsInMessage ? "; …" : ".";
        return new ObjectStoreException(
            limit.IsFailFast
                ? $"An object could not be backed up: {first}{rest}"
                : $"{_records.Count} objects could not be backed up where {limit} may fail: {first}{rest}",
            failure)
        {
            Error = failure.Error,
            Status = failure.Status,
            Code = failure.Code,
            Subject = _records[0].Subject,
            IsTransient = failure.IsTransient,
            Category = failure.Category,
            Hint = failure.Hint ?? $"Mend what the reasons say, or allow more failures ({nameof(BackupRequest.Failures)}.{nameof(FailurePolicy.Objects)}).",
        };
    }
}

using Backup.Core.Archives.Manifest;
using Backup.Core.Diagnostics;
using Backup.Core.Errors;
using Microsoft.Extensions.Logging;

namespace Backup.Core.Pipeline.Failures;

/// <summary>The tables that a run could not read, each with the reason; too many of them end the run. For any number of threads.</summary>
/// <param name="limit">How many may fail.</param>
/// <param name="tables">How many there are, those included that cannot be read at all.</param>
/// <param name="unreadable">Those that cannot be read at all, as the snapshot told.</param>
/// <param name="logger">Told of each.</param>
internal sealed class TableFailures(FailureLimit limit, int tables, IReadOnlyList<FailureRecord> unreadable, ILogger logger)
{
    private const int ReasonsInMessage = 3;

    private readonly Lock _gate = new();
    private readonly HashSet<TableRun> _tables = [];
    private readonly List<string> _reasons = [.. unreadable.Select(record => record.Reason)];

    /// <summary>Whether the first failure ends the run.</summary>
    public bool IsFailFast => limit.IsFailFast;

    /// <summary>Judges the tables that cannot be read at all, before any other is.</summary>
    /// <exception cref="DatabaseException">There are more of them than may fail.</exception>
    public void ThrowIfTooMany()
    {
        lock (_gate)
        {
            if (limit.IsExceededBy(_reasons.Count, tables))
            {
                throw TooMany(null, unreadable[0].Subject);
            }
        }
    }

    /// <summary>Keeps why a table is not in the backup and never will be; the first reason of a table counts.</summary>
    /// <exception cref="DatabaseException">There are more of them than may fail.</exception>
    public void Add(TableRun table, DatabaseException failure)
    {
        lock (_gate)
        {
            if (!_tables.Add(table))
            {
                return;
            }

            table.Fail(failure);
            logger.TableFailed(table.Info.Name.ToString(), failure);
            _reasons.Add(failure.Message);
            if (limit.IsExceededBy(_reasons.Count, tables))
            {
                throw TooMany(failure, table.Info.Name.ToString());
            }
        }
    }

    private DatabaseException TooMany(DatabaseException? failure, string subject)
    {
        var first = string.Join("; ", _reasons.Take(ReasonsInMessage).Select(reason => reason.TrimEnd('.')));
        var rest = _reasons.Count > ReasonsInMessage ? "; …" : ".";
        var allowed = $"{limit} of {tables}";
        return new DatabaseException($"{_reasons.Count} tables could not be read where {allowed} may fail: {first}{rest}", failure)
        {
            Subject = subject,
            IsTransient = failure?.IsTransient ?? false,
            SqlState = failure?.SqlState,
            Category = failure?.Category ?? ErrorCategory.Unknown,
            Hint = failure?.Hint ?? $"Mend what the reasons say, or allow more failures ({nameof(BackupRequest.Failures)}.{nameof(FailurePolicy.Tables)}).",
        };
    }
}

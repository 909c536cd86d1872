using Backup.Core.Errors;

namespace Backup.Core.Sharding.Execution;

/// <summary>An exception on its way from a worker to its coordinator.</summary>
internal sealed record ShardFault
{
    // lock_not_available: https://www.postgresql.org/docs/current/errcodes-appendix.html
    private const string LockNotAvailable = "55P03";

    /// <summary>Which class of exception it is.</summary>
    public required ShardFaultKind Kind { get; init; }

    /// <summary>Its message, which holds no secret.</summary>
    public required string Message { get; init; }

    /// <summary>What it is about.</summary>
    public string? Subject { get; init; }

    /// <summary>What a person can do.</summary>
    public string? Hint { get; init; }

    /// <summary>What kind of trouble it is.</summary>
    public ErrorCategory Category { get; init; }

    /// <summary>Whether it may pass.</summary>
    public bool IsTransient { get; init; }

    /// <summary>The server's SQLSTATE.</summary>
    public string? SqlState { get; init; }

    /// <summary>What kind of refusal of an object store it is.</summary>
    public ObjectStoreError StoreError { get; init; }

    /// <summary>The store's status.</summary>
    public int? Status { get; init; }

    /// <summary>The store's own code.</summary>
    public string? Code { get; init; }

    /// <summary>Whether another session stands in line for a table, so that only the process that holds the snapshot can read it.</summary>
    public bool IsLockConflict => Kind == ShardFaultKind.Database && SqlState == LockNotAvailable;

    /// <summary>Takes down an exception.</summary>
    public static ShardFault Of(Exception exception) => exception is not BackupException fault
        ? new ShardFault { Kind = ShardFaultKind.Other, Message = exception.Message }
        : new ShardFault
        {
            Kind = fault switch
            {
                DatabaseException => ShardFaultKind.Database,
                ObjectStoreException => ShardFaultKind.ObjectStore,
                SinkException => ShardFaultKind.Sink,
                BackupTimeoutException => ShardFaultKind.TimeOut,
                _ => ShardFaultKind.Other,
            },
            Message = fault.Message,
            Subject = fault.Subject,
            Hint = fault.Hint,
            Category = fault.Category,
            IsTransient = fault.IsTransient,
            SqlState = (fault as DatabaseException)?.SqlState,
            StoreError = (fault as ObjectStoreException)?.Error ?? default,
            Status = (fault as ObjectStoreException)?.Status,
            Code = (fault as ObjectStoreException)?.Code,
        };

    /// <summary>The exception again, as of this process.</summary>
    public BackupException ToException() => Kind switch
    {
        ShardFaultKind.Database => ToDatabaseException(),
        ShardFaultKind.ObjectStore => ToObjectStoreException(),
        ShardFaultKind.Sink => new SinkException(Message) { Subject = Subject, Hint = Hint, Category = Category, IsTransient = IsTransient },
        ShardFaultKind.TimeOut => new BackupTimeoutException(Message) { Subject = Subject, Hint = Hint, Category = Category, IsTransient = IsTransient },
        _ => new WorkerException($"A worker failed: {Message}") { Subject = Subject, Hint = Hint, Category = Category, IsTransient = IsTransient },
    };

    /// <summary>The exception as one of the database.</summary>
    public DatabaseException ToDatabaseException() =>
        new(Message) { Subject = Subject, Hint = Hint, Category = Category, IsTransient = IsTransient, SqlState = SqlState };

    /// <summary>The exception as one of the object store.</summary>
    public ObjectStoreException ToObjectStoreException() => new(Message)
    {
        Subject = Subject,
        Hint = Hint,
        Category = Category,
        IsTransient = IsTransient,
        Error = StoreError,
        Status = Status,
        Code = Code,
    };
}

/// <summary>Which class an exception of a worker has.</summary>
internal enum ShardFaultKind
{
    /// <summary>Any other.</summary>
    Other,

    /// <summary><see cref="DatabaseException"/>.</summary>
    Database,

    /// <summary><see cref="ObjectStoreException"/>.</summary>
    ObjectStore,

    /// <summary><see cref="SinkException"/>.</summary>
    Sink,

    /// <summary><see cref="BackupTimeoutException"/>.</summary>
    TimeOut,
}

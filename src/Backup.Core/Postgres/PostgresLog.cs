using Microsoft.Extensions.Logging;

namespace Backup.Core.Postgres;

/// <summary>What this area logs.</summary>
internal static partial class PostgresLog
{
    [LoggerMessage(EventId = 300, Level = LogLevel.Information,
        Message = "Snapshot of {Database} (PostgreSQL {Version}) taken: {Tables} tables, {Connections} connections, LSN {Lsn}")]
    public static partial void SnapshotTaken(
        ILogger logger, string database, string version, int tables, int connections, string? lsn);

    [LoggerMessage(EventId = 301, Level = LogLevel.Information, Message = "Rows are read through Npgsql: {Reason}")]
    public static partial void ReadsOverNpgsql(ILogger logger, string reason);

    [LoggerMessage(EventId = 302, Level = LogLevel.Warning,
        Message = "Reading with {Connections} instead of {Wanted} connections: a further one could not join the snapshot. {Reason}")]
    public static partial void FewerConnections(ILogger logger, int connections, int wanted, string reason);

    [LoggerMessage(EventId = 311, Level = LogLevel.Information, Message = "Reader {Number} lost its connection and has another one on the same snapshot")]
    public static partial void Rejoined(ILogger logger, int number);

    [LoggerMessage(EventId = 303, Level = LogLevel.Debug, Message = "The tables changed while they were being locked; starting again (attempt {Attempt})")]
    public static partial void TablesChanged(ILogger logger, int attempt);

    [LoggerMessage(EventId = 304, Level = LogLevel.Information,
        Message = "Another session wants {Table} exclusively: it is read over the connection that holds the lock already")]
    public static partial void TableContended(ILogger logger, QualifiedName table);

    [LoggerMessage(EventId = 305, Level = LogLevel.Warning, Message = "{Table} is left out: {Reason}")]
    public static partial void TableUnreadable(ILogger logger, QualifiedName table, string reason);

    [LoggerMessage(EventId = 306, Level = LogLevel.Information, Message = "Stored objects are not listed from the database: {Reason}")]
    public static partial void NoStorageTables(ILogger logger, string reason);

    [LoggerMessage(EventId = 307, Level = LogLevel.Warning,
        Message = "Stored objects cannot be listed from the database, at the instant of its rows: {Reason}")]
    public static partial void ObjectsUnlistable(ILogger logger, string reason);

    [LoggerMessage(EventId = 308, Level = LogLevel.Information,
        Message = "Stored objects are listed over the connection that reads rows, between two pages: a further one could not join the snapshot. {Reason}")]
    public static partial void ObjectsShareConnection(ILogger logger, string reason);

    [LoggerMessage(EventId = 313, Level = LogLevel.Information,
        Message = "The schema is read over one connection: a second one could not join the snapshot. {Reason}")]
    public static partial void CatalogsShareConnection(ILogger logger, string reason);

    [LoggerMessage(EventId = 309, Level = LogLevel.Debug, Message = "Objects are listed over the driver's connection: a faster one could not be had. {Reason}")]
    public static partial void ObjectsOverNpgsql(ILogger logger, string reason);

    [LoggerMessage(EventId = 310, Level = LogLevel.Warning, Message = "Bucket {Bucket} of type {Type} is left out: it holds no files")]
    public static partial void BucketLeftOut(ILogger logger, string bucket, string type);

    [LoggerMessage(EventId = 312, Level = LogLevel.Warning,
        Message = "The settings of the database are not in the backup, as the role may not read them: {Reason}")]
    public static partial void SettingsHidden(ILogger logger, string reason);
}

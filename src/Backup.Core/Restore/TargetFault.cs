using System.Globalization;
using Backup.Core.Errors;
using Backup.Core.Postgres.Schema;

namespace Backup.Core.Restore;

/// <summary>Says what a statement that the target refused means for the person who restores.</summary>
internal static class TargetFault
{
    /// <summary>SQLSTATE of an object that others still depend on.</summary>
    public const string DependentObjects = "2BP01";

    /// <summary>SQLSTATE of a statement that the server cannot carry out on this kind of object.</summary>
    public const string FeatureNotSupported = "0A000";

    /// <summary>SQLSTATE of exhausted memory, shared memory for locks included.</summary>
    public const string OutOfMemory = "53200";

    /// <summary>SQLSTATE of a circle of sessions that wait for one another.</summary>
    public const string DeadlockDetected = "40P01";

    /// <summary>SQLSTATE of an object that there is not.</summary>
    public const string UndefinedObject = "42704";

    /// <summary>SQLSTATE of a schema that there is not.</summary>
    public const string InvalidSchema = "3F000";

    /// <summary>SQLSTATE of a right that the role does not have.</summary>
    public const string InsufficientPrivilege = "42501";

    /// <summary>What to do about a label for a module that the target's server has not loaded.</summary>
    public const string MissingProvider = "Load the provider's module on the target server (shared_preload_libraries) and run the statement again.";

    private const string UndefinedFile = "58P01";
    private const string InvalidParameterValue = "22023";
    private const int MaxStatementLength = 4000;

    /// <summary>The failure of an entry.</summary>
    public static RestoreFailure Of(TocEntry entry, string? statement, DatabaseException exception) => new()
    {
        Kind = entry.Kind,
        Subject = RestoreNames.Of(entry),
        Reason = exception.Message,
        Statement = StatementOf(entry, statement),
        SqlState = exception.SqlState,
        Hint = HintFor(exception),
    };

    /// <summary>The failure of a table's rows.</summary>
    public static RestoreFailure OfRows(string table, BackupException exception) => new()
    {
        Kind = TocKinds.TableData,
        Subject = table,
        Reason = exception.Message,
        SqlState = (exception as DatabaseException)?.SqlState,
        Hint = exception is DatabaseException database ? HintFor(database) : exception.Hint,
    };

    /// <summary>The failure of what a large object has besides its bytes.</summary>
    public static RestoreFailure OfLargeObject(uint oid, string statement, DatabaseException exception) => new()
    {
        Kind = TocKinds.LargeObject,
        Subject = oid.ToString(CultureInfo.InvariantCulture),
        Reason = exception.Message,
        Statement = statement.Length > MaxStatementLength ? statement[..MaxStatementLength] + " …" : statement,
        SqlState = exception.SqlState,
        Hint = HintFor(exception),
    };

    /// <summary>The exception that ends a run because of an entry.</summary>
    public static RestoreException ToException(RestoreFailure failure, string consequence, Exception? cause) => new(
        $"{failure.Kind} {failure.Subject} could not be restored: {failure.Reason.TrimEnd('.')}. {consequence}", cause)
    {
        Subject = failure.Subject,
        Stage = "Restore",
        Statement = failure.Statement,
        Hint = failure.Hint,
        IsTransient = cause is BackupException { IsTransient: true },
    };

    private static string? StatementOf(TocEntry entry, string? statement) => statement switch
    {
        null => null,
        _ when TocKinds.IsConfidential(entry.Kind) => null,
        { Length: > MaxStatementLength } => statement[..MaxStatementLength] + " …",
        _ => statement.TrimEnd(),
    };

    private static string? HintFor(DatabaseException exception) => exception.SqlState switch
    {
        UndefinedObject when exception.Message.StartsWith("role ", StringComparison.Ordinal) =>
            "Create the role in the target (CREATE ROLE …;) or skip owners and privileges.",
        UndefinedFile or FeatureNotSupported when exception.Message.Contains("extension", StringComparison.Ordinal) =>
            "Install the extension's files on the target server.",
        InsufficientPrivilege => "Restore as a role with that right, or skip owners and privileges.",
        DependentObjects => "What depends on it is not removed by this restore: remove it yourself, choose it as well if the backup holds it, or restore into an empty database.",
        OutOfMemory => "Raise max_locks_per_transaction on the target server.",
        InvalidSchema => "Create the schema in the target first.",
        InvalidParameterValue when exception.Message.Contains("security label provider", StringComparison.Ordinal) => MissingProvider,
        _ => exception.Hint,
    };
}

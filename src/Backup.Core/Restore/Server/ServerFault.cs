using Backup.Core.Errors;
using Backup.Core.Postgres.Server;

namespace Backup.Core.Restore.Server;

/// <summary>Says what it means that the target refused a statement about a role or the database.</summary>
internal static class ServerFault
{
    private const string InsufficientPrivilege = "42501";
    private const string InvalidParameterValue = "22023";
    private const string DataExceptions = "22";

    /// <summary>The failure of a statement.</summary>
    public static RestoreFailure Of(ServerStatement statement, DatabaseException exception) => new()
    {
        Kind = statement.Kind,
        Subject = statement.Subject,
        Reason = QuotesValue(statement, exception) ? "The server does not take the value." : exception.Message,
        Statement = ServerKinds.IsConfidential(statement.Kind) ? null : statement.Sql.TrimEnd(),
        SqlState = exception.SqlState,
        Hint = exception.SqlState == InsufficientPrivilege ? "Restore as a role that may do this, or do it yourself."
            : exception.SqlState == InvalidParameterValue && statement.Kind is ServerKinds.RoleLabel or ServerKinds.DatabaseLabel ? TargetFault.MissingProvider
            : exception.Hint,
    };

    /// <summary>What an exception may have as its cause: nothing that quotes a value.</summary>
    public static DatabaseException? CauseOf(ServerStatement statement, DatabaseException exception) =>
        QuotesValue(statement, exception) ? null : exception;

    // The server repeats a value that it does not take, and a setting's may be a secret.
    private static bool QuotesValue(ServerStatement statement, DatabaseException exception) =>
        ServerKinds.IsConfidential(statement.Kind) && exception.SqlState?.StartsWith(DataExceptions, StringComparison.Ordinal) == true;
}

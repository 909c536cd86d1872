using Backup.Core.Errors;
using Backup.Core.Postgres.Schema;

namespace Backup.Core.Restore;

/// <summary>What removes or makes one entry before the rows.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Sql">The statements.</param>
/// <param name="IsDrop">Whether they remove it.</param>
internal readonly record struct PreDataStatement(TocEntry Entry, string Sql, bool IsDrop)
{
    /// <summary>Whether it may share a message with others.</summary>
    public bool CanShare => SharedMessages.CanShare(Entry.Kind, Sql) && !MayBeRefused;

    /// <summary>Whether it runs under a savepoint of its own, since what it removes may have to stay.</summary>
    public bool MayBeRefused => IsDrop && (Entry.Kind == TocKinds.Schema || IsDomainConstraint || IsHollowing);

    // ALTER DOMAIN knows no IF EXISTS: without the domain there is nothing to remove.
    private bool IsDomainConstraint => Sql.StartsWith("ALTER DOMAIN ", StringComparison.Ordinal);

    // A view of other columns cannot be made hollow; whether it is in the way shows when the rest is removed.
    private bool IsHollowing => Entry.Drop is null;

    /// <summary>Whether what was to be removed may stay for what the server says.</summary>
    public bool MayStay(DatabaseException exception) => IsHollowing
        || (IsDomainConstraint
            ? exception.SqlState is TargetFault.UndefinedObject or TargetFault.InvalidSchema
            : exception.SqlState == TargetFault.DependentObjects);
}

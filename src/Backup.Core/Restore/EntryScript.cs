using Backup.Core.Postgres.Schema;

namespace Backup.Core.Restore;

/// <summary>The statements that make an entry of the table of contents.</summary>
internal static class EntryScript
{
    /// <summary>The statements, with the owner's unless the request leaves owners out.</summary>
    public static string Of(TocEntry entry, RestoreRequest request) =>
        request.SkipOwnersAndPrivileges || entry.SetOwner is null ? entry.Create : entry.Create + entry.SetOwner;
}

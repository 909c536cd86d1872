using Backup.Core.Archives;
using Backup.Core.Errors;
using Backup.Core.Postgres;
using Backup.Core.Restore.Server;

namespace Backup.Core.Restore.LargeObjects;

/// <summary>Examines whether a target would take the large objects of a backup. Leaves nothing behind but a temporary table.</summary>
internal static class LargeObjectInspection
{
    private const int Named = 5;

    /// <summary>Examines the target.</summary>
    /// <param name="session">A connection to it.</param>
    /// <param name="archive">The backup.</param>
    /// <param name="set">What is restored.</param>
    /// <param name="request">How.</param>
    /// <param name="cancellationToken">Cancels the examination.</param>
    /// <returns>The set with the roles that the target lacks, and why the target would not take it, one sentence each.</returns>
    public static async Task<(RestoreSet Set, IReadOnlyList<string> Obstacles)> InspectAsync(
        TargetSession session, ArchiveReader archive, RestoreSet set, RestoreRequest request, CancellationToken cancellationToken)
    {
        if (set.LargeObjects is not { } record)
        {
            return (set, []);
        }

        LargeObjectList list;
        try
        {
            list = await LargeObjectList.LoadAsync(session, archive, record, _ => { }, cancellationToken).ConfigureAwait(false);
        }
        catch (DatabaseException exception) when (exception.SqlState == TargetFault.InsufficientPrivilege)
        {
            return (set,
            [
                $"Large objects are restored by way of temporary tables, and the target refuses them: {exception.Message.TrimEnd('.')}. "
                + "GRANT TEMPORARY on the database to the role.",
            ]);
        }

        var obstacles = new List<string>();
        if (!request.Clean && await list.FindExistingAsync(Named, cancellationToken).ConfigureAwait(false) is { Count: > 0 } existing)
        {
            var more = existing.Count > Named ? $" and {existing.Count - Named} more" : "";
            obstacles.Add(
                $"The target already holds {existing.Count} of the backup's large objects: {string.Join(", ", existing.First)}{more}. "
                + "Restore into an empty database, or ask for a clean restore, which removes them first.");
        }

        // Of what is restored with its definitions the roles are looked for all together.
        set = set with { LargeObjectRoles = await list.FindMissingRolesAsync(cancellationToken).ConfigureAwait(false) };
        if (request.Scope == RestoreScope.DataOnly
            && await MissingRoles.DescribeAsync(session, set, request, cancellationToken).ConfigureAwait(false) is { } missing)
        {
            obstacles.Add(missing);
        }

        return (set, obstacles);
    }
}

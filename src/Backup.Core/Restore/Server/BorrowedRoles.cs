using Backup.Core.Errors;
using Backup.Core.Postgres;

namespace Backup.Core.Restore.Server;

/// <summary>
/// New roles that the restoring role, where it is no superuser, is a member of while the restore goes on: nobody else may give them objects,
/// and add indexes and comments to those. What ends early keeps them, so that another try finds what it needs.
/// </summary>
internal sealed class BorrowedRoles(RestoreContext context)
{
    private readonly List<string> _roles = [];

    /// <summary>Joins new roles, as far as objects of the restore name them.</summary>
    /// <param name="session">A connection to the target.</param>
    /// <param name="made">The roles that were made.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task BorrowAsync(TargetSession session, IReadOnlySet<string> made, CancellationToken cancellationToken)
    {
        var server = context.Target.Server;
        if (server.IsSuperuser)
        {
            return;
        }

        var lasting = (context.Set.Server.Roles?.Memberships ?? [])
            .Where(item => item.Member == server.User)
            .Select(item => item.Role)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var role in MissingRoles.NamedBy(context.Set, context.Request).Where(role => made.Contains(role) && !lasting.Contains(role)))
        {
            if (await TryAsync(session, $"GRANT {SqlText.Identifier(role)} TO {SqlText.Identifier(server.User)}", cancellationToken).ConfigureAwait(false))
            {
                _roles.Add(role);
            }
        }
    }

    /// <summary>Whether there are any.</summary>
    public bool IsAny => _roles.Count > 0;

    /// <summary>Leaves them again.</summary>
    public async Task ReturnAsync(TargetSession session, CancellationToken cancellationToken)
    {
        foreach (var role in _roles)
        {
            await TryAsync(session, $"REVOKE {SqlText.Identifier(role)} FROM {SqlText.Identifier(context.Target.Server.User)}", cancellationToken)
                .ConfigureAwait(false);
        }
    }

    // Without it the statements that need it fail and say why; who keeps it could have given it to himself at any time.
    private static async Task<bool> TryAsync(TargetSession session, string statement, CancellationToken cancellationToken)
    {
        try
        {
            await session.ExecuteAsync(statement, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (DatabaseException) when (session.IsOpen)
        {
            return false;
        }
    }
}

using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;

namespace Backup.Core.Restore;

/// <summary>
/// Makes the schema <c>public</c> of a server that lets everybody create objects in it as that of a newer server, which does not. Backups of
/// all versions say only where everybody may.
/// </summary>
internal static class PublicSchema
{
    // The first major version in which a new database has it closed.
    private const int Closed = 15;

    private const string Revoke = "REVOKE CREATE ON SCHEMA public FROM PUBLIC;\n";

    // Who is neither the owner nor a superuser would be told in a warning, which nobody sees, that nothing was revoked.
    private const string Query =
        """
        SELECT pg_catalog.pg_has_role(n.nspowner, 'USAGE')
        FROM pg_catalog.pg_namespace n CROSS JOIN pg_catalog.aclexplode(COALESCE(n.nspacl, pg_catalog.acldefault('n', n.nspowner))) a
        WHERE n.nspname = 'public' AND a.grantee = 0 AND a.privilege_type = 'CREATE'
        """;

    /// <summary>Whether a restore brings the schema's privileges, by which not everybody may create objects in it, to a server where it is open.</summary>
    /// <param name="set">The restore.</param>
    /// <param name="request">The request.</param>
    /// <param name="majorVersion">The target's major version.</param>
    public static bool Opens(RestoreSet set, RestoreRequest request, int majorVersion) =>
        majorVersion < Closed
        && !set.Objects.Any(LetsAllCreate)
        && request is { Scope: not RestoreScope.DataOnly, SkipOwnersAndPrivileges: false, Tables.IsEverything: true };

    /// <summary>Closes it, before the privileges of the backup are granted.</summary>
    /// <param name="session">A connection to the target.</param>
    /// <param name="set">The restore.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    public static async Task<RestoreSet> CloseAsync(TargetSession session, RestoreSet set, CancellationToken cancellationToken)
    {
        var open = await session.QueryAsync(Query, row => row.GetBoolean(0), [], cancellationToken).ConfigureAwait(false);
        return open.Count == 0 ? set
            : open[0] ? set with { Closing = [Entry(), .. set.Closing] }
            : set with
            {
                Notices =
                [
                    .. set.Notices,
                    "Everybody may create objects in the schema public of the target, as nobody could at the source: have its owner run "
                    + $"{Revoke.TrimEnd(';', '\n')}.",
                ],
            };
    }

    private static bool LetsAllCreate(TocEntry entry) =>
        entry.Kind == TocKinds.Acl
        && entry.Create.Split('\n').Any(line =>
            line.StartsWith("GRANT ", StringComparison.Ordinal)
            && line.Contains(" ON SCHEMA public TO PUBLIC", StringComparison.Ordinal)
            && (line.Contains("CREATE", StringComparison.Ordinal) || line.StartsWith("GRANT ALL ", StringComparison.Ordinal)));

    // After all ids of the backup: nothing there needs it.
    private static TocEntry Entry() => new()
    {
        Id = int.MaxValue,
        Section = TocSection.PostData,
        Kind = TocKinds.Acl,
        Name = "public",
        Create = Revoke,
    };
}

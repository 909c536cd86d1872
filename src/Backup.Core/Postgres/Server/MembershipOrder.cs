namespace Backup.Core.Postgres.Server;

/// <summary>Puts memberships into an order in which they can be granted: who grants a role has been given it with ADMIN OPTION before.</summary>
internal static class MembershipOrder
{
    /// <summary>Sorts memberships.</summary>
    /// <param name="memberships">The memberships; equal ranks keep their order.</param>
    /// <returns>All of them; those whose grantor never gets the right, as older servers allow, come last.</returns>
    public static IReadOnlyList<RoleMembership> Sort(IReadOnlyList<RoleMembership> memberships)
    {
        var sorted = new List<RoleMembership>(memberships.Count);
        foreach (var group in memberships.GroupBy(membership => membership.Role, StringComparer.Ordinal))
        {
            var waiting = group.ToLookup(membership => membership.Grantor ?? "", StringComparer.Ordinal);
            var granted = new HashSet<RoleMembership>(ReferenceEqualityComparer.Instance);
            var mayGrant = new HashSet<string>(StringComparer.Ordinal) { "" };
            var open = new Queue<string>(mayGrant);
            while (open.TryDequeue(out var grantor))
            {
                foreach (var membership in waiting[grantor])
                {
                    sorted.Add(membership);
                    granted.Add(membership);
                    if (membership.Admin && mayGrant.Add(membership.Member))
                    {
                        open.Enqueue(membership.Member);
                    }
                }
            }

            sorted.AddRange(group.Where(membership => !granted.Contains(membership)));
        }

        return sorted;
    }
}

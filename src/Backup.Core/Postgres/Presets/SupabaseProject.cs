namespace Backup.Core.Postgres.Presets;

/// <summary>What a project that is restored into has of the things that every project brings along, or may have.</summary>
internal sealed record SupabaseProject
{
    /// <summary>Whether the role that restores is a superuser, as it is on no hosted project.</summary>
    public required bool IsSuperuser { get; init; }

    /// <summary>The schemas.</summary>
    public required IReadOnlySet<string> Schemas { get; init; }

    /// <summary>The roles.</summary>
    public required IReadOnlySet<string> Roles { get; init; }

    /// <summary>The roles that the role that restores may give objects to.</summary>
    public required IReadOnlySet<string> OwnRoles { get; init; }

    /// <summary>The policies, and the triggers that are not the server's own, of the tables of managed schemas, by kind, table and name.</summary>
    public required IReadOnlySet<(string Kind, QualifiedName Table, string Name)> Attachments { get; init; }

    /// <summary>The publications; whether each is of all tables.</summary>
    public required IReadOnlyDictionary<string, bool> Publications { get; init; }

    /// <summary>The tables of publications.</summary>
    public required IReadOnlySet<(string Publication, QualifiedName Table)> PublishedTables { get; init; }

    /// <summary>The extensions that it has, and those that it could make.</summary>
    public required IReadOnlySet<string> Extensions { get; init; }

    /// <summary>Reads it.</summary>
    /// <exception cref="Errors.DatabaseException">A catalog could not be read.</exception>
    public static async Task<SupabaseProject> ReadAsync(TargetSession session, CancellationToken cancellationToken)
    {
        // Who may give an object to a role has to be able to become it, which version 16 tells from being a member.
        const string Roles =
            """
            SELECT r.rolname, pg_catalog.pg_has_role(r.oid, CASE WHEN current_setting('server_version_num')::int4 >= 160000 THEN 'SET' ELSE 'MEMBER' END),
                r.rolname = current_user AND r.rolsuper
            FROM pg_catalog.pg_roles r
            """;
        const string Attachments =
            """
            SELECT 'POLICY', n.nspname, c.relname, p.polname
            FROM pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            UNION ALL
            SELECT 'TRIGGER', n.nspname, c.relname, g.tgname
            FROM pg_catalog.pg_trigger g JOIN pg_catalog.pg_class c ON c.oid = g.tgrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE NOT g.tgisinternal
            """;
        const string Published =
            """
            SELECT p.pubname, n.nspname, c.relname
            FROM pg_catalog.pg_publication_rel m JOIN pg_catalog.pg_publication p ON p.oid = m.prpubid
            JOIN pg_catalog.pg_class c ON c.oid = m.prrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            """;
        var schemas = await session.QueryAsync(
            "SELECT nspname FROM pg_catalog.pg_namespace", row => row.GetString(0), [], cancellationToken).ConfigureAwait(false);
        var roles = await session.QueryAsync(
            Roles, row => (Name: row.GetString(0), IsOwn: row.GetBoolean(1), IsSuperuser: row.GetBoolean(2)), [], cancellationToken).ConfigureAwait(false);
        var attachments = await session.QueryAsync(
            Attachments,
            row => (Kind: row.GetString(0), Table: new QualifiedName(row.GetString(1), row.GetString(2)), Name: row.GetString(3)),
            [],
            cancellationToken).ConfigureAwait(false);
        var publications = await session.QueryAsync(
            "SELECT pubname, puballtables FROM pg_catalog.pg_publication", row => (row.GetString(0), row.GetBoolean(1)), [], cancellationToken)
            .ConfigureAwait(false);
        var published = await session.QueryAsync(
            Published, row => (row.GetString(0), new QualifiedName(row.GetString(1), row.GetString(2))), [], cancellationToken).ConfigureAwait(false);
        var extensions = await session.QueryAsync(
            "SELECT name FROM pg_catalog.pg_available_extensions UNION SELECT extname FROM pg_catalog.pg_extension",
            row => row.GetString(0),
            [],
            cancellationToken).ConfigureAwait(false);
        return new SupabaseProject
        {
            IsSuperuser = roles.Exists(role => role.IsSuperuser),
            Schemas = schemas.ToHashSet(StringComparer.Ordinal),
            Roles = roles.Select(role => role.Name).ToHashSet(StringComparer.Ordinal),
            OwnRoles = roles.Where(role => role.IsOwn).Select(role => role.Name).ToHashSet(StringComparer.Ordinal),
            Attachments = attachments.Where(item => SupabaseNames.IsManagedSchema(item.Table.Schema)).ToHashSet(),
            Publications = publications.ToDictionary(item => item.Item1, item => item.Item2, StringComparer.Ordinal),
            PublishedTables = published.ToHashSet(),
            Extensions = extensions.ToHashSet(StringComparer.Ordinal),
        };
    }
}

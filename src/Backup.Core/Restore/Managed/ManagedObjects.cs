using Backup.Core.Postgres;
using Backup.Core.Postgres.Presets;
using Backup.Core.Postgres.Schema;

namespace Backup.Core.Restore.Managed;

/// <summary>Chooses which objects of a backup are made in a project: none that every project brings along, and none twice.</summary>
/// <param name="set">What is to be restored.</param>
/// <param name="request">The request.</param>
/// <param name="project">What the project has.</param>
/// <param name="existing">The ids of the entries whose objects it has.</param>
internal sealed class ManagedObjects(RestoreSet set, RestoreRequest request, SupabaseProject project, IReadOnlySet<int> existing)
{
    private readonly Dictionary<int, TocEntry> _byId = set.Objects.ToDictionary(entry => entry.Id);
    private readonly HashSet<int> _dropped = [];
    private readonly HashSet<int> _standing = [];
    private readonly HashSet<QualifiedName> _made = [];
    private readonly HashSet<QualifiedName> _present = [];
    private readonly HashSet<string> _lackingSchemas = new(StringComparer.Ordinal);
    private readonly List<LeftOutObject> _leftOut = [];
    private readonly HashSet<string> _leftSchemas = new(StringComparer.Ordinal);

    /// <summary>The relations in managed schemas that the project itself made at the source and that the target has already.</summary>
    public IReadOnlySet<QualifiedName> Present => _present;

    /// <summary>Chooses.</summary>
    public RestoreSet Choose()
    {
        foreach (var entry in set.Objects)
        {
            if (!IsMade(entry))
            {
                _dropped.Add(entry.Id);
            }
            else if (entry.Schema is { } schema && IsRelation(entry))
            {
                _made.Add(new QualifiedName(schema, entry.Name));
            }
        }

        return set with
        {
            PreData = Left(set.PreData),
            Sequences = Left(set.Sequences),
            PostData = Left(set.PostData),
            Closing = Left(set.Closing),
            LeftOut =
            [
                .. set.LeftOut,
                .. _leftOut,
                .. SchemasLeftOut(_leftSchemas, "The project has this schema and keeps it up to date; of the backup's only what the source project had added is made."),
                .. SchemasLeftOut(_lackingSchemas, "The target lacks this schema of the platform: what the source project had added to it is not made."),
            ],
        };
    }

    private IReadOnlyList<TocEntry> Left(IReadOnlyList<TocEntry> entries) => [.. entries.Where(entry => !_dropped.Contains(entry.Id))];

    private static IEnumerable<LeftOutObject> SchemasLeftOut(IEnumerable<string> schemas, string reason) =>
        schemas.Order(StringComparer.Ordinal).Select(schema => new LeftOutObject(TocKinds.Schema, schema, reason));

    // A schema of the platform is made by the backup, where that was made without the preset, or by an extension.
    private bool IsSchemaMade(string schema) => set.PreData.Any(entry =>
        (entry.Kind == TocKinds.Schema && entry.Name == schema)
        || (entry.Kind == TocKinds.Extension && entry.Name == SupabaseNames.ExtensionOf(schema) && project.Extensions.Contains(entry.Name)));

    private bool IsMade(TocEntry entry)
    {
        // What is said of something that is not made (a comment, a grant) is not said either.
        if (IsAbout(entry) && entry.DependsOn.Any(_dropped.Contains))
        {
            return false;
        }

        var schema = entry.Kind == TocKinds.Schema ? entry.Name : entry.Schema;
        if (schema is not null && SupabaseNames.IsManagedSchema(schema))
        {
            if (project.Schemas.Contains(schema))
            {
                return IsMadeInManaged(entry, schema);
            }

            if (!IsSchemaMade(schema))
            {
                _lackingSchemas.Add(schema);
                return false;
            }
        }

        return entry.Kind switch
        {
            "EVENT TRIGGER" => (entry.Owner is null || !SupabaseNames.IsPlatformRole(entry.Owner)) && !CallsPlatform(entry),
            TocKinds.Extension => IsAvailable(entry),
            "PUBLICATION" => !SupabaseNames.IsPlatformPublication(entry.Name) && !IsStanding(entry.Name),
            "PUBLICATION TABLE" => IsPublished(entry),
            "DEFAULT ACL" => CanSetDefaults(entry),
            "COMMENT" or "SECURITY LABEL" => project.IsSuperuser || !entry.DependsOn.Any(id => KindOf(id) == TocKinds.Extension),
            _ => true,
        };
    }

    private bool IsMadeInManaged(TocEntry entry, string schema)
    {
        switch (entry.Kind)
        {
            case "POLICY":
                return IsLacking(entry);
            case "TRIGGER":
                return IsLacking(entry) && !CallsPlatform(entry);
            case "PUBLICATION TABLE":
                return IsPublished(entry);
            case TocKinds.SequenceSet:
                return IsPositioned(entry);
            case "DEFAULT ACL":
                return false;
            case TocKinds.Schema:
                _leftSchemas.Add(schema);
                return false;
        }

        if (IsAbout(entry) && entry.DependsOn.Count > 0)
        {
            return entry.DependsOn.All(id => _byId.TryGetValue(id, out var need) && (project.IsSuperuser || need.Kind != TocKinds.Extension));
        }

        var isMade = entry.Owner is null && entry.Table is { } table
            ? _made.Contains(new QualifiedName(schema, table))
            : IsProjects(entry, schema);
        if (!isMade && entry.Section == TocSection.PreData && !_present.Contains(new QualifiedName(schema, entry.Name))
            && !set.Supporting.Contains(entry.Id))
        {
            _leftSchemas.Add(schema);
        }

        return isMade;
    }

    // What the source project made in a schema of the platform: not what the target has got as well.
    private bool IsProjects(TocEntry entry, string schema)
    {
        if (!SupabaseNames.IsMadeByProject(schema, entry.Name, entry.Owner))
        {
            return false;
        }

        if (!existing.Contains(entry.Id) || (request.Clean && entry.Drop is not null))
        {
            return true;
        }

        _present.Add(new QualifiedName(schema, entry.Name));
        _standing.Add(entry.Id);
        return false;
    }

    // Whether a trigger calls a function of the platform, whose trigger it then is. Those of the webhooks are for triggers of the project's.
    private bool CallsPlatform(TocEntry trigger) => trigger.DependsOn.Any(id =>
        _dropped.Contains(id) && !_standing.Contains(id) && _byId[id] is { Kind: "FUNCTION", Schema: not SupabaseNames.Webhooks });

    private bool IsLacking(TocEntry entry) =>
        (request.Clean && entry.Drop is not null)
        || !project.Attachments.Contains((entry.Kind, new QualifiedName(entry.Schema!, entry.Table ?? ""), entry.Name));

    private bool IsPositioned(TocEntry entry)
    {
        var name = new QualifiedName(entry.Schema!, entry.Name);
        return _made.Contains(name)
            || (existing.Contains(entry.Id) && SupabaseNames.HasRows(name))
            || entry.DependsOn.Any(id => KindOf(id) == TocKinds.Extension && !_dropped.Contains(id));
    }

    // The platform gives extensions of its own up. One that something of the project needs is looked at as in any other restore.
    private bool IsAvailable(TocEntry entry)
    {
        if (project.Extensions.Contains(entry.Name) || set.Objects.Any(other => other.DependsOn.Contains(entry.Id) && !IsAbout(other)))
        {
            return true;
        }

        _leftOut.Add(new LeftOutObject(entry.Kind, entry.Name, "The target's server does not offer this extension."));
        return false;
    }

    private bool IsStanding(string publication) =>
        publication == SupabaseNames.RealtimePublication && project.Publications.ContainsKey(publication);

    private bool IsPublished(TocEntry entry)
    {
        // The entry is called by the publication and the table.
        var table = new QualifiedName(entry.Schema ?? "", entry.Table ?? "");
        var publication = entry.Name.EndsWith($" {table.Name}", StringComparison.Ordinal) ? entry.Name[..^(table.Name.Length + 1)] : entry.Name;
        return !SupabaseNames.IsPlatformPublication(publication)
            && !(IsStanding(publication) && project.Publications[publication])
            && (_made.Contains(table) || !project.PublishedTables.Contains((publication, table)));
    }

    // The first role is the one whose new objects get the privileges.
    private bool CanSetDefaults(TocEntry entry) =>
        entry.Roles.Count == 0 || project.OwnRoles.Contains(entry.Roles[0]) || !SupabaseNames.IsReservedRole(entry.Roles[0]);

    private string? KindOf(int id) => _byId.GetValueOrDefault(id)?.Kind;

    private static bool IsRelation(TocEntry entry) => TocKinds.IsRelation(entry.Kind) || entry.Kind == TocKinds.Sequence;

    private static bool IsAbout(TocEntry entry) => entry.Kind is "COMMENT" or "SECURITY LABEL" or "ACL";
}

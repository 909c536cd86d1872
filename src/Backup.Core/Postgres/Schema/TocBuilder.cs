using System.Text;

namespace Backup.Core.Postgres.Schema;

/// <summary>
/// Turns ordered objects into entries: each object with its owner, its comments and labels right after it, privileges
/// after everything else that is made, so that a revoked INSERT cannot stop the rows from being loaded.
/// </summary>
internal sealed class TocBuilder
{
    private readonly SchemaCatalog _catalog;
    private readonly OrderedSchema _order;
    private readonly int _majorVersion;
    private readonly PackedEntries.Packer _entries = new();

    // By place; 0 for what has no entry.
    private readonly int[] _ids;
    private readonly StatementFeatures _features = new();

    private TocBuilder(SchemaCatalog catalog, OrderedSchema order, int majorVersion)
    {
        _catalog = catalog;
        _order = order;
        _majorVersion = majorVersion;
        _ids = new int[order.Needs.Count];
    }

    /// <summary>Builds the table of contents.</summary>
    public static DatabaseSchema Build(SchemaCatalog catalog, OrderedSchema order, int majorVersion)
    {
        var builder = new TocBuilder(catalog, order, majorVersion);
        foreach (var item in order.Objects.Where(item => !item.Kind.FollowsPrivileges))
        {
            builder.AddDefinition(item);
        }

        // Parts that their container carries have no privileges, so the ordered objects are all that can have some.
        foreach (var item in order.Objects)
        {
            builder.AddPrivileges(item);
        }

        foreach (var item in order.Objects.Where(item => item.Kind.FollowsPrivileges))
        {
            builder.AddDefinition(item);
        }

        return new DatabaseSchema(builder._entries.ToEntries())
        {
            Unsupported = [.. catalog.Unsupported.OrderBy(item => item.Name, StringComparer.Ordinal)],
        };
    }

    private void AddDefinition(SchemaObject item)
    {
        if (!_catalog.IsDefined(item))
        {
            return;
        }

        var create = item.Create() + ExtensionDependencies(item)
            + string.Concat(_order.Parts[item].Where(part => !part.IsSeparate).Select(ExtensionDependencies));
        var setOwner = item.Owner is not null && (item.OwnerIdentity ?? item.Identity.Of(item)) is { } identity
            ? $"ALTER {identity} OWNER TO {SqlText.Identifier(item.Owner)};\n"
            : null;
        if (create.Length > 0 || setOwner is not null || item.Section == TocSection.Data)
        {
            string[] roles = setOwner is null ? [.. item.Roles] : [.. item.Roles, item.Owner!];
            _ids[item.Place] = Add(item, item.Kind, item.Section, create, item.Drop.Of(item), NeedsOf(item), roles, setOwner, item.Requires(), item.Variants());
        }

        AddComments(item);
        foreach (var part in _order.Parts[item].Where(part => !part.IsSeparate))
        {
            AddComments(part, item);
        }
    }

    // ALTER … DEPENDS ON EXTENSION: the object goes when the extension is dropped.
    private string ExtensionDependencies(SchemaObject item) => string.Concat(
        from extension in _catalog.Shared.ExtensionDependencies[item.Address]
        let identity = item.DependsIdentity ?? item.Identity.Of(item)
        where identity is not null
        select $"ALTER {identity} DEPENDS ON EXTENSION {SqlText.Identifier(extension)};\n");

    private void AddComments(SchemaObject item, SchemaObject? carrier = null)
    {
        if (!_catalog.HasComments(item))
        {
            return;
        }

        var comments = new StringBuilder();
        var labels = new StringBuilder();
        foreach (var part in TargetsOf(item))
        {
            var address = (part.Owner ?? item.Address) with { SubId = part.SubId };
            if (_catalog.Shared.Comments.TryGetValue(address, out var text))
            {
                comments.Append($"COMMENT ON {part.Identity} IS {SqlText.Literal(text)};\n");
            }

            foreach (var (provider, label) in _catalog.Shared.Labels[address])
            {
                labels.Append($"SECURITY LABEL FOR {SqlText.Identifier(provider)} ON {part.Identity} IS {SqlText.Literal(label)};\n");
            }
        }

        var maker = carrier ?? item;
        var section = maker.Section;
        int[] needs = _ids[maker.Place] is > 0 and var id ? [id] : NeedsOf(maker);
        if (comments.Length > 0)
        {
            Add(item, ObjectKinds.Comment, section, comments.ToString(), null, needs, requires: item.Requires());
        }

        if (labels.Length > 0)
        {
            Add(item, ObjectKinds.SecurityLabel, section, labels.ToString(), null, needs, requires: item.Requires());
        }
    }

    private static IEnumerable<ObjectPart> TargetsOf(SchemaObject item) =>
        item.Identity.Of(item) is { } identity ? [new ObjectPart(0, identity), .. item.Parts] : item.Parts;

    private void AddPrivileges(SchemaObject item)
    {
        if (item.Acls.Count == 0 || !_catalog.HasPrivileges(item))
        {
            return;
        }

        // What not every supported server knows stands by itself, so that one that does not still gets the rest.
        var common = item.Acls.Select(acl => acl.Without(acl.ItemsOfNewerRoles())).ToList();
        AddPrivileges(item, common, AclPart.Common, []);
        AddPrivileges(item, common, AclPart.Newer, [VersionRequirement.From(AclObjectType.MaintainVersion, "the privilege MAINTAIN")]);
        foreach (var acl in item.Acls)
        {
            foreach (var grant in acl.ItemsOfNewerRoles())
            {
                AddPrivileges(item, [acl with { Items = [grant], Default = [], Initial = [] }], AclPart.Whole, []);
            }
        }
    }

    private void AddPrivileges(SchemaObject item, IReadOnlyList<ObjectAcl> acls, AclPart part, IReadOnlyList<VersionRequirement> requires)
    {
        var script = new StringBuilder();
        foreach (var acl in acls)
        {
            var initial = acl.Initial
                ?? _catalog.Shared.InitialPrivileges.GetValueOrDefault(item.Address with { SubId = acl.SubId });
            script.Append(AclScript.Build(acl, initial, _majorVersion, part: part));
        }

        if (script.Length > 0)
        {
            int[] needs = _ids[item.Place] is > 0 and var id ? [id] : NeedsOf(item);
            string[] roles = [.. acls.SelectMany(acl => acl.Roles()).Distinct(StringComparer.Ordinal)];
            Add(item, ObjectKinds.Acl, TocSection.PostData, script.ToString(), null, needs, roles, requires: requires);
        }
    }

    private int Add(
        SchemaObject item,
        ObjectKind kind,
        TocSection section,
        string create,
        string? drop,
        IReadOnlyList<int> needs,
        IReadOnlyList<string>? roles = null,
        string? setOwner = null,
        IReadOnlyList<VersionRequirement>? requires = null,
        IReadOnlyList<StatementVariant>? variants = null)
    {
        _entries.Add(new TocEntry
        {
            Id = _entries.Count + 1,
            Section = section,
            Kind = kind.Name,
            Schema = item.Schema,
            Name = item.Name,
            Table = item.Table,
            Create = create,
            Owner = setOwner is null ? null : item.Owner,
            SetOwner = setOwner,
            Roles = roles ?? [],
            Drop = drop,
            DependsOn = needs,
            Requires = RequirementsOf(kind, create, roles ?? [], requires ?? [], variants ?? []),
            Variants = variants is { Count: > 0 } ? variants : null,
        });
        return _entries.Count;
    }

    // What a variant is there for is no requirement; what it needs itself is one.
    private List<VersionRequirement>? RequirementsOf(
        ObjectKind kind,
        string create,
        IReadOnlyList<string> roles,
        IReadOnlyList<VersionRequirement> stated,
        IReadOnlyList<StatementVariant> variants)
    {
        var isText = kind == ObjectKinds.Comment || kind == ObjectKinds.SecurityLabel;
        var result = stated
            .Concat((isText ? [] : _features.Find(create))
                .Where(item => !variants.Any(variant => item.Since <= variant.Before || item.Before >= variant.Since)))
            .Concat(variants.SelectMany(variant => _features.Find(variant.Create).Where(item => variant.Before is null || item.Since < variant.Before)))
            .Concat(roles.Select(ServerFeatures.OfRole).OfType<VersionRequirement>())
            .Distinct()
            .ToList();
        return result.Count == 0 ? null : result;
    }

    // Through objects that are not written (members of an extension, what is not selected) to those that are.
    private int[] NeedsOf(SchemaObject item)
    {
        var ids = new SortedSet<int>();
        HashSet<int> seen = [item.Place];
        var open = new Stack<int>(seen);
        while (open.TryPop(out var next))
        {
            foreach (var target in _order.Needs.Of(next))
            {
                if (_ids[target] is > 0 and var id)
                {
                    ids.Add(id);
                }
                else if (seen.Add(target))
                {
                    open.Push(target);
                }
            }
        }

        return [.. ids];
    }
}

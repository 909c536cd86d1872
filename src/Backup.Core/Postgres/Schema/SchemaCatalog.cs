using Backup.Core.Postgres.Presets;

namespace Backup.Core.Postgres.Schema;

/// <summary>The objects that the kind readers found, by address, and which of them are written.</summary>
internal sealed class SchemaCatalog
{
    private readonly List<SchemaObject> _objects = [];
    private readonly Dictionary<ObjectAddress, SchemaObject> _byAddress = [];
    private readonly HashSet<ObjectAddress> _extensionMembers;
    private readonly SchemaSelection _selection;
    private readonly SupabaseObjects? _project;

    /// <summary>Creates an empty catalog.</summary>
    public SchemaCatalog(TableSelection selection, SharedCatalogs shared, RelationColumns columns)
    {
        Shared = shared;
        Columns = columns;
        _selection = new SchemaSelection(selection);
        _project = selection.Preset == DatabasePreset.Supabase ? new SupabaseObjects(shared, Find) : null;
        _extensionMembers = shared.Dependencies
            .Where(dependency => dependency.Type == 'e')
            .Select(dependency => dependency.Dependent)
            .ToHashSet();
    }

    /// <summary>What the catalogs say about objects of every kind.</summary>
    public SharedCatalogs Shared { get; }

    /// <summary>The columns of every relation.</summary>
    public RelationColumns Columns { get; }

    /// <summary>The ordinary and partitioned tables by oid, for readers of what belongs to them.</summary>
    public Dictionary<uint, TableDefinition> Tables { get; } = [];

    /// <summary>The indexes of tables and materialized views by oid.</summary>
    public Dictionary<uint, IndexDefinition> Indexes { get; } = [];

    /// <summary>The oids of the tables and sequences of extensions whose rows and positions belong to the database.</summary>
    public HashSet<uint> Configuration { get; } = [];

    /// <summary>What no reader understands.</summary>
    public List<UnsupportedObject> Unsupported { get; } = [];

    /// <summary>The objects in the order in which they were added.</summary>
    public IReadOnlyList<SchemaObject> Objects => _objects;

    /// <summary>Adds an object.</summary>
    public void Add(SchemaObject item)
    {
        _byAddress.Add(item.Address, item);
        _objects.Add(item);
    }

    /// <summary>The object at an address; <see langword="null"/> when no reader added it.</summary>
    public SchemaObject? Find(ObjectAddress address) => _byAddress.GetValueOrDefault(address.Whole);

    /// <summary>Whether CREATE EXTENSION makes the object.</summary>
    public bool IsExtensionMember(ObjectAddress address) => _extensionMembers.Contains(address.Whole);

    /// <summary>Whether a relation is one whose content an extension left to the database.</summary>
    public bool IsConfiguration(uint relation) => Configuration.Contains(relation);

    /// <summary>Whether the object's own statements, its comments and labels are written.</summary>
    public bool IsDefined(SchemaObject item) => IsTaken(item) && (item.IsBeyondExtension || !IsMember(item));

    /// <summary>Whether the object's privileges are written: also those of an extension's members, as far as they were changed.</summary>
    public bool HasPrivileges(SchemaObject item) =>
        IsTaken(item) && (_project is null || SupabaseObjects.MayGrant(item, IsExtensionMember(item.Address)));

    /// <summary>Whether comments are written: a platform's extensions are not the project's to comment on.</summary>
    public bool HasComments(SchemaObject item) => _project is null || item.Kind != ObjectKinds.Extension;

    /// <summary>Whether the position of a sequence is written, though the sequence itself may come with an extension or with the platform.</summary>
    public bool HasPosition(SchemaObject sequence, bool isReadable) =>
        IsDefined(sequence)
        || (IsConfiguration(sequence.Address.ObjectId) && HasPrivileges(sequence))
        || (_project is not null && isReadable && IsSelected(sequence)
            && (!IsMember(sequence) || IsConfiguration(sequence.Address.ObjectId))
            && SupabaseNames.HasRows(new QualifiedName(sequence.Schema!, sequence.Name)));

    /// <summary>Whether the platform makes the schema, together with what belongs in it.</summary>
    public bool IsManagedSchema(string schema) => _project is not null && SupabaseNames.IsManagedSchema(schema);

    private bool IsTaken(SchemaObject item) => IsSelected(item) && _project?.IsOfProject(item) != false;

    private bool IsSelected(SchemaObject item) =>
        item.Container is { } container ? IsSelected(container)
        : item.BelongsTo is { } table && Find(table) is { } relation && relation != item ? IsSelected(relation)
        : _selection.Includes(item);

    // An index or a trigger of an extension's table is no member itself, and is made with the table.
    private bool IsMember(SchemaObject item) =>
        IsExtensionMember(item.Address)
        || (item.Container is { } container && IsMember(container))
        || (item.BelongsTo is { } table && Find(table) is { } relation && relation != item && IsMember(relation));
}

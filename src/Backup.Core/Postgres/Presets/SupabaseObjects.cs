using Backup.Core.Postgres.Schema;

namespace Backup.Core.Postgres.Presets;

/// <summary>Tells what a Supabase project has made itself from what comes with every project.</summary>
/// <param name="shared">What the catalogs say about objects of every kind.</param>
/// <param name="find">Finds the object at an address.</param>
internal sealed class SupabaseObjects(SharedCatalogs shared, Func<ObjectAddress, SchemaObject?> find)
{
    private readonly Lazy<ILookup<ObjectAddress, ObjectAddress>> _functions = new(() => shared.Dependencies
        .Where(item => item.Reference.ClassId == SystemCatalog.Procedure
            && item.Dependent.ClassId is SystemCatalog.Trigger or SystemCatalog.EventTrigger)
        .ToLookup(item => item.Dependent, item => item.Reference));

    /// <summary>Whether the object, or the rows that it stands for, is the project's.</summary>
    public bool IsOfProject(SchemaObject item)
    {
        var relation = RelationOf(item);
        return item.Schema is null ? IsOfProjectWithoutSchema(item)
            : !SupabaseNames.IsManagedSchema(item.Schema) ? !IsDefaultOfPlatform(item) && !HasPlatformPublication(item)
            : HasRows(item) ? SupabaseNames.HasRows(new QualifiedName(item.Schema, item.Name)) || IsMadeByProject(relation ?? item)
            : item.Kind == ObjectKinds.Policy ? true
            : item.Kind == ObjectKinds.Trigger ? FunctionsAreProjects(item)
            : item.Kind == ObjectKinds.PublicationTable ? !HasPlatformPublication(item)
            : relation is not null ? IsOfProject(relation)
            : IsMadeByProject(item);
    }

    /// <summary>Whether privileges on the object are the project's to give: not on what a role of the platform owns by way of an extension.</summary>
    public static bool MayGrant(SchemaObject item, bool isExtensionMember) =>
        !isExtensionMember || item.Acls.All(acl => !SupabaseNames.IsPlatformRole(acl.Owner));

    private bool IsOfProjectWithoutSchema(SchemaObject item) =>
        item.Kind == ObjectKinds.Schema ? !SupabaseNames.IsManagedSchema(item.Name)
        : item.Kind == ObjectKinds.Extension ? true
        : item.Kind == ObjectKinds.DefaultAcl ? !IsDefaultOfPlatform(item)
        : item.Kind == ObjectKinds.Publication ? !SupabaseNames.IsPlatformPublication(item.Name) && !IsPlatforms(item)
        : item.Kind == ObjectKinds.EventTrigger ? !IsPlatforms(item) && FunctionsAreProjects(item)
        : !IsPlatforms(item);

    private SchemaObject? RelationOf(SchemaObject item) =>
        item.Container is { } container ? container
        : item.BelongsTo is { } address && find(address) is { } relation && relation != item ? relation
        : null;

    private static bool HasRows(SchemaObject item) => item.Kind == ObjectKinds.TableData || item.Kind == ObjectKinds.SequenceSet;

    private static bool IsMadeByProject(SchemaObject item) => SupabaseNames.IsMadeByProject(item.Schema!, item.Name, item.Owner);

    private static bool IsPlatforms(SchemaObject item) => item.Owner is not null && SupabaseNames.IsPlatformRole(item.Owner);

    // The role whose default privileges they are is the first of those named.
    private static bool IsDefaultOfPlatform(SchemaObject item) =>
        item.Kind == ObjectKinds.DefaultAcl && SupabaseNames.IsPlatformRole(item.Roles[0]);

    private static bool HasPlatformPublication(SchemaObject item) =>
        (item.Kind == ObjectKinds.PublicationTable || item.Kind == ObjectKinds.PublicationSchema)
        && SupabaseNames.IsPlatformPublication(item.Name);

    // A trigger of the platform calls a function of the platform. Those of the webhooks are called by triggers that a project has made.
    private bool FunctionsAreProjects(SchemaObject item) => _functions.Value[item.Address].All(function =>
        find(function) is not { Schema: { } schema } routine
        || !SupabaseNames.IsManagedSchema(schema)
        || schema == SupabaseNames.Webhooks
        || IsMadeByProject(routine));
}

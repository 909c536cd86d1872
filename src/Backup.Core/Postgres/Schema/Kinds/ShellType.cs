namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>The placeholder of a type whose own functions must exist before it: <c>CREATE TYPE name;</c>.</summary>
internal static class ShellType
{
    // No catalog has this oid: pg_depend never names a shell, only our readers do.
    private const uint ShellClass = 1;

    /// <summary>Where the shell of a type stands among the objects.</summary>
    public static ObjectAddress AddressOf(uint type) => new(ShellClass, type);

    /// <summary>The shell's object.</summary>
    public static SchemaObject Of(TypeRow type) => new()
    {
        Address = AddressOf(type.Oid),
        Kind = ObjectKinds.ShellType,
        Schema = type.Schema,
        Name = type.Name,
        Create = () => $"CREATE TYPE {type.Sql};\n",
        BelongsTo = type.Address,
        DependsOn = [new ObjectAddress(SystemCatalog.Namespace, type.SchemaId)],
    };
}

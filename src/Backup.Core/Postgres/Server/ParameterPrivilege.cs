using Backup.Core.Postgres.Schema;

namespace Backup.Core.Postgres.Server;

/// <summary>A role's right to set a parameter of the server, which PostgreSQL has from version 15 on.</summary>
internal sealed record ParameterPrivilege
{
    /// <summary>The first major version that knows such rights.</summary>
    public const int MinMajorVersion = 15;

    /// <summary>The parameter.</summary>
    public required string Parameter { get; init; }

    /// <summary>The privilege, as an item of the access control list.</summary>
    public required string Privilege { get; init; }

    /// <summary>Whom it is granted to; empty for PUBLIC.</summary>
    public string Grantee() => AclItem.Parse(Privilege).Grantee;

    /// <summary>The statement that grants it, by whoever runs it.</summary>
    /// <param name="majorVersion">The major version of the source.</param>
    public ServerStatement ToStatement(int majorVersion)
    {
        var acl = new ObjectAcl
        {
            Type = AclObjectType.Parameter,
            Target = $"PARAMETER {SqlText.Identifier(Parameter)}",
            Owner = AclItem.Parse(Privilege).Grantor,
            Items = [Privilege],
            Default = [],
        };
        return new ServerStatement(
            ServerKinds.ParameterPrivilege, $"{Parameter} for {(Grantee() is { Length: > 0 } role ? role : "PUBLIC")}", AclScript.Build(acl, initial: null, majorVersion));
    }
}

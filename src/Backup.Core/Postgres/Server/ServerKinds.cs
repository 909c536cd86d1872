namespace Backup.Core.Postgres.Server;

/// <summary>The kinds of what belongs to a server and not to a schema, as failures name them.</summary>
internal static class ServerKinds
{
    public const string Role = "ROLE";
    public const string RoleAttribute = "ROLE ATTRIBUTE";
    public const string RoleSetting = "ROLE SETTING";
    public const string RoleComment = "ROLE COMMENT";
    public const string RoleLabel = "ROLE LABEL";
    public const string RoleMembership = "ROLE MEMBERSHIP";
    public const string ParameterPrivilege = "PARAMETER PRIVILEGE";
    public const string DatabaseOwner = "DATABASE OWNER";
    public const string DatabaseComment = "DATABASE COMMENT";
    public const string DatabaseLabel = "DATABASE LABEL";
    public const string DatabaseProperty = "DATABASE PROPERTY";
    public const string DatabaseSetting = "DATABASE SETTING";
    public const string DatabasePrivileges = "DATABASE PRIVILEGES";

    /// <summary>Whether a kind is one of these.</summary>
    public static bool Has(string kind) =>
        kind is Role or RoleAttribute or RoleSetting or RoleComment or RoleLabel or RoleMembership or ParameterPrivilege
            or DatabaseOwner or DatabaseComment or DatabaseLabel or DatabaseProperty or DatabaseSetting or DatabasePrivileges;

    /// <summary>Whether a statement of a kind may hold a secret, as values of settings may.</summary>
    public static bool IsConfidential(string kind) => kind is RoleSetting or DatabaseSetting;
}

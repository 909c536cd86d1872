using Backup.Core.Postgres;
using Backup.Core.Postgres.Presets;
using Backup.Core.Postgres.Server;
using Backup.Core.Restore.Managed;
using Backup.Core.Restore.Server;

namespace Backup.Core.Tests.Restore.Managed;

public sealed class ReservedRolesTests
{
    private static readonly SupabaseProject Project = new()
    {
        IsSuperuser = false,
        Schemas = new HashSet<string>(),
        Roles = new HashSet<string> { "postgres", "anon", "authenticator" },
        OwnRoles = new HashSet<string> { "postgres" },
        Attachments = new HashSet<(string, QualifiedName, string)>(),
        Publications = new Dictionary<string, bool>(),
        PublishedTables = new HashSet<(string, QualifiedName)>(),
        Extensions = new HashSet<string>(),
    };

    private static readonly DatabaseSettings Settings = new()
    {
        Version = DatabaseSettings.CurrentVersion,
        Name = "postgres",
        Owner = "postgres",
        DefaultPrivileges = [],
        Locale = new DatabaseLocale { Encoding = "UTF8", Collate = "C", Ctype = "C", Provider = "libc" },
    };

    [Fact]
    public void Fit_RolesOfAProject_KeepsItsOwnAndWhatItMaySetOfTheOthers()
    {
        var list = new RoleList
        {
            Version = RoleList.CurrentVersion,
            Roles = [Role("anon", ("statement_timeout", "3s"), ("work_mem", "1GB")), Role("app"), Role("pgtle_admin", ("pgrst.x", "1"))],
            Memberships = [Membership("app", "authenticator"), Membership("anon", "authenticator"), Membership("pg_monitor", "postgres")],
        };

        var fitted = ReservedRoles.Fit(new ServerSet { HoldsRoles = true, Roles = list }, Project);

        Assert.Equal(["app"], fitted.Roles!.Roles.Select(role => role.Name));
        Assert.Equal([("app", "authenticator")], fitted.Roles.Memberships.Select(item => (item.Role, item.Member)));
        Assert.Equal(["statement_timeout of anon"], fitted.ReservedSettings.Select(item => item.Subject));
    }

    [Fact]
    public void Fit_PrivilegesOnTheDatabaseForAMissingRoleOfThePlatform_LeavesThemOut()
    {
        var settings = Settings with { Privileges = ["=Tc/postgres", "dashboard_user=CTc/postgres", "app=c/postgres", "anon=c/postgres"] };

        var fitted = ReservedRoles.Fit(new ServerSet { Settings = settings }, Project);

        Assert.Equal(["=Tc/postgres", "app=c/postgres", "anon=c/postgres"], fitted.Settings!.Privileges);
    }

    [Theory]
    [InlineData("postgres", false, true)]
    [InlineData("app", false, true)]
    [InlineData("supabase_admin", false, false)]
    [InlineData("anon", false, false)]
    [InlineData("anon", true, true)]
    [InlineData("supabase_admin", true, false)]
    public void Fit_OwnerOfTheDatabase_IsKeptUnlessItIsThePlatformsToGive(string owner, bool isSuperuser, bool isGiven)
    {
        var fitted = ReservedRoles.Fit(new ServerSet { Settings = Settings with { Owner = owner } }, Project with { IsSuperuser = isSuperuser });

        Assert.Equal(isGiven, fitted.StatementsFor("target").Any(statement => statement.Kind == ServerKinds.DatabaseOwner));
        Assert.Equal(isGiven, fitted.RolesOfSettings.Contains(owner));
    }

    [Fact]
    public void Fit_SettingsForRolesInTheDatabase_KeepsWhatAProjectMaySet()
    {
        var settings = Settings with
        {
            RoleSettings =
            [
                Setting("app", "work_mem"), Setting("anon", "work_mem"), Setting("authenticator", "pgrst.db_schemas"),
                Setting("pgtle_admin", "pgrst.db_schemas"),
            ],
        };

        var fitted = ReservedRoles.Fit(new ServerSet { Settings = settings }, Project);

        Assert.Equal(
            ["work_mem of app", "pgrst.db_schemas of authenticator"],
            fitted.StatementsFor("target").Where(statement => statement.Role is not null).Select(statement => statement.Subject));
    }

    private static RoleSetting Setting(string role, string name) =>
        new() { Role = role, Setting = new ServerSetting { Name = name, Value = "1" } };

    private static RoleDefinition Role(string name, params (string Name, string Value)[] settings) => new()
    {
        Name = name,
        Settings = [.. settings.Select(item => new ServerSetting { Name = item.Name, Value = item.Value })],
    };

    private static RoleMembership Membership(string role, string member) => new() { Role = role, Member = member };
}

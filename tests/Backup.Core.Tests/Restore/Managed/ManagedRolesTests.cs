using Backup.Core.Postgres;
using Backup.Core.Postgres.Presets;
using Backup.Core.Postgres.Schema;
using Backup.Core.Restore;
using Backup.Core.Restore.Managed;

namespace Backup.Core.Tests.Restore.Managed;

public sealed class ManagedRolesTests
{
    [Fact]
    public void Fit_OwnerIsAReservedRoleOfOthers_LeavesTheObjectToTheRestoringRole()
    {
        var (entry, notices) = Fit(Toc.Entry(1, "TABLE", "t", "t") with { Owner = "supabase_admin", SetOwner = "ALTER …;\n", Roles = ["supabase_admin"] });

        Assert.Null(entry!.SetOwner);
        Assert.Empty(entry.Roles);
        Assert.Contains("supabase_admin", Assert.Single(notices), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgres")]
    [InlineData("app_owner")]
    public void Fit_OwnerIsTheProjectsOrNoReservedRole_KeepsIt(string owner)
    {
        var table = Toc.Entry(1, "TABLE", "t", "t") with { Owner = owner, SetOwner = "ALTER …;\n", Roles = [owner] };

        Assert.Equal(table, Fit(table).Entry);
    }

    [Fact]
    public void Fit_PrivilegesOfAReservedRoleThatIsMissing_TakesItsStatementsOut()
    {
        var (entry, notices) = Fit(Toc.Entry(1, "ACL", "t", "t") with
        {
            Create = "GRANT SELECT ON TABLE public.\"a;\n\" TO anon;\n"
                + "GRANT SELECT ON TABLE public.\"a;\n\" TO pgsodium_keyholder;\n"
                + "SET SESSION AUTHORIZATION service_role;\n"
                + "GRANT ALL ON TABLE public.\"a;\n\" TO pgsodium_keyholder WITH GRANT OPTION;\n"
                + "GRANT ALL ON TABLE public.\"a;\n\" TO app WITH GRANT OPTION;\n"
                + "RESET SESSION AUTHORIZATION;\n",
            Roles = ["anon", "pgsodium_keyholder", "service_role", "app"],
        });

        Assert.Equal(
            "GRANT SELECT ON TABLE public.\"a;\n\" TO anon;\nGRANT ALL ON TABLE public.\"a;\n\" TO app WITH GRANT OPTION;\n", entry!.Create);
        Assert.Equal(["anon", "service_role", "app"], entry.Roles);
        Assert.Contains("pgsodium_keyholder", Assert.Single(notices), StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_PolicyForAReservedRoleThatIsMissing_IsLeftOut()
    {
        var set = new ManagedRoles(Project).Fit(SetOf(Toc.Entry(1, "POLICY", "p", "t") with { Roles = ["pgtle_admin"] }));

        Assert.Empty(set.PostData);
        Assert.Contains("pgtle_admin", Assert.Single(set.LeftOut).Reason, StringComparison.Ordinal);
    }

    private static SupabaseProject Project => new()
    {
        IsSuperuser = false,
        Schemas = new HashSet<string>(),
        Roles = new HashSet<string> { "postgres", "anon", "service_role", "supabase_admin" },
        OwnRoles = new HashSet<string> { "postgres", "anon" },
        Attachments = new HashSet<(string, QualifiedName, string)>(),
        Publications = new Dictionary<string, bool>(),
        PublishedTables = new HashSet<(string, QualifiedName)>(),
        Extensions = new HashSet<string>(),
    };

    private static (TocEntry? Entry, IReadOnlyList<string> Notices) Fit(TocEntry entry)
    {
        var roles = new ManagedRoles(Project);
        var set = roles.Fit(SetOf(entry));
        return (set.PostData.SingleOrDefault(), [.. roles.Notices]);
    }

    private static RestoreSet SetOf(TocEntry entry) => new()
    {
        PreData = [],
        Tables = [],
        Sequences = [],
        PostData = [entry],
        Closing = [],
        LeftOut = [],
        Supporting = new HashSet<int>(),
    };
}

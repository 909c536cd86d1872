using System.Text;
using Backup.Core.Postgres.Server;

namespace Backup.Core.Tests.Postgres.Server;

public sealed class RoleScriptTests
{
    private static readonly RoleDefinition Role = new()
    {
        Name = "Mia $roles$",
        Superuser = true,
        Inherit = false,
        Login = true,
        ConnectionLimit = 3,
        ValidUntil = "infinity",
        Comment = "it's",
        Settings = [new ServerSetting { Name = "work_mem", Value = "5MB" }],
        Labels = [new ServerLabel { Provider = "dummy", Label = "x" }],
    };

    [Fact]
    public void Create_Role_IsOneStatementForAllAttributesThatDifferFromTheDefault() => Assert.Equal(
        """
        CREATE ROLE "Mia $roles$" WITH NOINHERIT LOGIN CONNECTION LIMIT 3 VALID UNTIL 'infinity' SUPERUSER;
        ALTER ROLE "Mia $roles$" SET work_mem TO '5MB';
        COMMENT ON ROLE "Mia $roles$" IS 'it''s';
        SECURITY LABEL FOR dummy ON ROLE "Mia $roles$" IS 'x';

        """,
        string.Concat(RoleScript.Create(Role).Select(statement => statement.Sql)));

    [Fact]
    public void Create_PlainRole_HasNoAttributes() =>
        Assert.Equal("CREATE ROLE a;\n", RoleScript.Create(new RoleDefinition { Name = "a" }).Single().Sql);

    [Fact]
    public void CreateStepwise_Role_GivesWhatNotEveryoneMayGiveBehindIt()
    {
        var statements = RoleScript.CreateStepwise(Role);

        Assert.Equal(
            [ServerKinds.Role, ServerKinds.RoleAttribute, ServerKinds.RoleSetting, ServerKinds.RoleComment, ServerKinds.RoleLabel],
            statements.Select(statement => statement.Kind));
        Assert.DoesNotContain("SUPERUSER", statements[0].Sql, StringComparison.Ordinal);
        Assert.Equal("ALTER ROLE \"Mia $roles$\" WITH SUPERUSER;\n", statements[1].Sql);
    }

    [Theory]
    [InlineData(false, null, true, 15, "GRANT g TO m GRANTED BY b;\n")]
    [InlineData(true, null, true, 15, "GRANT g TO m WITH ADMIN OPTION GRANTED BY b;\n")]
    [InlineData(true, false, false, 15, "GRANT g TO m WITH ADMIN OPTION GRANTED BY b;\n")]
    [InlineData(true, false, false, 16, "GRANT g TO m WITH ADMIN OPTION, INHERIT FALSE, SET FALSE GRANTED BY b;\n")]
    [InlineData(false, true, true, 17, "GRANT g TO m WITH INHERIT TRUE GRANTED BY b;\n")]
    [InlineData(false, null, true, 17, "GRANT g TO m GRANTED BY b;\n")]
    public void Grant_Membership_SaysNoMoreThanTheServerUnderstands(bool isAdmin, bool? inherit, bool set, int major, string expected)
    {
        var membership = new RoleMembership { Role = "g", Member = "m", Grantor = "b", Admin = isAdmin, Inherit = inherit, Set = set };

        Assert.Equal(expected, RoleScript.Grant(membership, major, namesGrantor: true).Sql);
        Assert.Equal(major < 16 && !set, RoleScript.LosesOptions(membership, major));
    }

    [Theory]
    [InlineData("reader=s/postgres", "GRANT SET ON PARAMETER \"scene.custom\" TO reader;\n")]
    [InlineData("reader=s*A/other", "GRANT ALTER SYSTEM ON PARAMETER \"scene.custom\" TO reader;\nGRANT SET ON PARAMETER \"scene.custom\" TO reader WITH GRANT OPTION;\n")]
    [InlineData("=sA/postgres", "GRANT ALL ON PARAMETER \"scene.custom\" TO PUBLIC;\n")]
    public void ToStatement_RightToSetAParameter_GrantsIt(string privilege, string expected) =>
        Assert.Equal(expected, new ParameterPrivilege { Parameter = "scene.custom", Privilege = privilege }.ToStatement(15).Sql);

    [Fact]
    public async Task WriteAsync_Roles_MakesOnlyWhatIsMissing()
    {
        using var file = new MemoryStream();
        var list = new RoleList
        {
            Version = RoleList.CurrentVersion,
            Roles = [Role],
            Memberships = [new RoleMembership { Role = "g", Member = "Mia $roles$", Grantor = "b" }],
        };

        await RoleScript.WriteAsync(file, list, 15, CancellationToken.None);
        var text = Encoding.UTF8.GetString(file.ToArray());

        // The quotes around a block are none of what it holds.
        Assert.Contains("DO LANGUAGE plpgsql $roles1$BEGIN\nIF NOT EXISTS (", text, StringComparison.Ordinal);
        Assert.Equal(4, text.Split("$roles1$").Length - 1);
        Assert.Contains("EXCEPTION WHEN OTHERS THEN\nGRANT g TO \"Mia $roles$\";\n", text, StringComparison.Ordinal);
    }
}

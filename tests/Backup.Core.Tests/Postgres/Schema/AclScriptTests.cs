using Backup.Core.Postgres.Schema;

namespace Backup.Core.Tests.Postgres.Schema;

public sealed class AclScriptTests
{
    private static readonly string[] OwnerOnly = ["boss=arwdDxt/boss"];

    [Fact]
    public void Build_NoItems_IsEmpty() => Assert.Equal("", Script(null));

    [Fact]
    public void Build_EverythingGranted_SaysAll() =>
        Assert.Equal("GRANT ALL ON TABLE public.t TO clerk;\n", Script([.. OwnerOnly, "clerk=arwdDxt/boss"]));

    [Fact]
    public void Build_EverythingBeforeVersion17OnVersion17_ListsTheWords() =>
        Assert.Equal(
            "GRANT SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER ON TABLE public.t TO clerk;\n",
            Script([.. OwnerOnly, "clerk=arwdDxt/boss"], majorVersion: 17));

    [Fact]
    public void Build_GrantOptions_AreAStatementOfTheirOwn() =>
        Assert.Equal(
            "GRANT INSERT ON TABLE public.t TO clerk;\nGRANT SELECT ON TABLE public.t TO clerk WITH GRANT OPTION;\n",
            Script([.. OwnerOnly, "clerk=ar*/boss"]));

    [Fact]
    public void Build_GrantedByAnother_SpeaksAsThatRole() =>
        Assert.Equal(
            "SET SESSION AUTHORIZATION \"Clerk\";\nGRANT SELECT ON TABLE public.t TO PUBLIC;\nRESET SESSION AUTHORIZATION;\n",
            Script([.. OwnerOnly, "=r/\"Clerk\""]));

    [Fact]
    public void Build_OwnerLostAPrivilege_RevokesAllAndGrantsTheRest() =>
        Assert.Equal(
            "REVOKE ALL ON TABLE public.t FROM boss;\nGRANT SELECT ON TABLE public.t TO boss;\n", Script(["boss=r/boss"]));

    [Fact]
    public void Build_OwnersItemIsLast_GrantsItFirst() =>
        Assert.Equal(
            "REVOKE ALL ON TABLE public.t FROM boss;\nGRANT SELECT ON TABLE public.t TO boss;\nGRANT SELECT ON TABLE public.t TO PUBLIC;\n",
            Script(["=r/boss", "boss=r/boss"]));

    [Fact]
    public void Build_Column_NamesItBehindEachWord()
    {
        var acl = new ObjectAcl
        {
            Type = AclObjectType.Column,
            Target = "TABLE public.t",
            Owner = "boss",
            Items = ["clerk=rw/boss"],
            Default = [],
            Column = "Full Name",
        };

        Assert.Equal(
            "GRANT SELECT(\"Full Name\"),UPDATE(\"Full Name\") ON TABLE public.t TO clerk;\n", AclScript.Build(acl, null, 15));
    }

    [Fact]
    public void Build_InitialPrivileges_AreWhereItStarts() =>
        Assert.Equal(
            "REVOKE SELECT ON TABLE public.t FROM PUBLIC;\n", Script(OwnerOnly, initial: [.. OwnerOnly, "=r/boss"]));

    [Theory]
    [InlineData("clerk=r*w/boss", "clerk", "rw", "r", "boss")]
    [InlineData("=X/boss", "", "X", "", "boss")]
    [InlineData("\"a=b/c\"\"d\"=U/\"the boss\"", "a=b/c\"d", "U", "", "the boss")]
    public void Parse_Item_GivesItsParts(string text, string grantee, string privileges, string options, string grantor) =>
        Assert.Equal(new AclItem(grantee, privileges, options, grantor), AclItem.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("clerk")]
    [InlineData("clerk=r")]
    public void Parse_NoItem_Throws(string text) => Assert.Throws<FormatException>(() => AclItem.Parse(text));

    private static string Script(IReadOnlyList<string>? items, int majorVersion = 15, IReadOnlyList<string>? initial = null)
    {
        var acl = new ObjectAcl
        {
            Type = AclObjectType.Table,
            Target = "TABLE public.t",
            Owner = "boss",
            Items = items,
            Default = OwnerOnly,
        };
        return AclScript.Build(acl, initial, majorVersion);
    }
}

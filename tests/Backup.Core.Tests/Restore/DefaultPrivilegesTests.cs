using Backup.Core.Restore;

namespace Backup.Core.Tests.Restore;

public sealed class DefaultPrivilegesTests
{
    private static readonly DefaultPrivileges Present = new("SUSPEND;\n", "RESUME;\n");

    [Theory]
    [InlineData("FUNCTION")]
    [InlineData("PROCEDURE")]
    [InlineData("AGGREGATE")]
    [InlineData("VIEW")]
    [InlineData("MATERIALIZED VIEW")]
    public void Around_WhatGetsDefaultPrivileges_IsMadeWithoutThem(string kind)
    {
        var script = Present.Around(Toc.Entry(1, kind, "x"), "CREATE x;\n");

        Assert.EndsWith("SUSPEND;\nCREATE x;\nRESUME;\n", script);
        Assert.StartsWith("SELECT pg_catalog.pg_advisory_xact_lock(", script);
    }

    [Theory]
    [InlineData("INDEX")]
    [InlineData("CONSTRAINT")]
    [InlineData("TRIGGER")]
    [InlineData("ACL")]
    [InlineData("MATERIALIZED VIEW DATA")]
    public void Around_WhatGetsNone_IsMadeAsItIs(string kind) =>
        Assert.Equal("CREATE x;\n", Present.Around(Toc.Entry(1, kind, "x"), "CREATE x;\n"));

    [Fact]
    public void Around_NoDefaultPrivileges_ChangesNothing() =>
        Assert.Equal("CREATE x;\n", DefaultPrivileges.None.Around(Toc.Entry(1, "FUNCTION", "x"), "CREATE x;\n"));
}

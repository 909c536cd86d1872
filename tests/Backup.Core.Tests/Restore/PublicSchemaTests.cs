using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;
using Backup.Core.Restore;

namespace Backup.Core.Tests.Restore;

public sealed class PublicSchemaTests
{
    [Theory]
    [InlineData("", 14, true)]
    [InlineData("", 15, false)]
    [InlineData("GRANT CREATE ON SCHEMA public TO PUBLIC;\n", 14, false)]
    [InlineData("REVOKE ALL ON SCHEMA public FROM PUBLIC;\nGRANT ALL ON SCHEMA public TO PUBLIC;\n", 14, false)]
    [InlineData("REVOKE ALL ON SCHEMA public FROM PUBLIC;\nGRANT ALL ON SCHEMA public TO shop;\n", 14, true)]
    public void Opens_Privileges_OnlyWhereTheTargetGivesWhatTheSourceDoesNot(string privileges, int target, bool opens) =>
        Assert.Equal(opens, PublicSchema.Opens(SetOf(privileges), new RestoreRequest(), target));

    [Fact]
    public void Opens_RestoreThatBringsNoPrivilegesOfSchemas_LeavesThem()
    {
        var set = SetOf("");

        Assert.False(PublicSchema.Opens(set, new RestoreRequest { Scope = RestoreScope.DataOnly }, 14));
        Assert.False(PublicSchema.Opens(set, new RestoreRequest { SkipOwnersAndPrivileges = true }, 14));
        Assert.False(PublicSchema.Opens(set, new RestoreRequest { Tables = new TableSelection { IncludeTables = ["public.film"] } }, 14));
        Assert.True(PublicSchema.Opens(set, new RestoreRequest { Scope = RestoreScope.SchemaOnly }, 14));
    }

    private static RestoreSet SetOf(string privileges)
    {
        TocEntry entry = new() { Id = 1, Section = TocSection.PostData, Kind = TocKinds.Acl, Name = "SCHEMA public", Create = privileges };
        return RestoreSelector.Select(new DatabaseSchema([entry]), [], new RestoreRequest());
    }
}

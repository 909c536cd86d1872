using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;
using Backup.Core.Restore;
using Backup.Core.Restore.Server;

namespace Backup.Core.Tests.Restore;

public sealed class PublicSchemaTests
{
    [Theory]
    [InlineData(15, 14, true)]
    [InlineData(18, 14, true)]
    [InlineData(14, 14, false)]
    [InlineData(18, 15, false)]
    [InlineData(0, 14, false)]
    public void Opens_Versions_OnlyWhereTheTargetGivesWhatTheSourceDoesNot(int source, int target, bool opens) =>
        Assert.Equal(opens, PublicSchema.Opens(SetOf(source), new RestoreRequest(), target));

    [Fact]
    public void Opens_RestoreThatBringsNoPrivilegesOfSchemas_LeavesThem()
    {
        var set = SetOf(18);

        Assert.False(PublicSchema.Opens(set, new RestoreRequest { Scope = RestoreScope.DataOnly }, 14));
        Assert.False(PublicSchema.Opens(set, new RestoreRequest { SkipOwnersAndPrivileges = true }, 14));
        Assert.False(PublicSchema.Opens(set, new RestoreRequest { Tables = new TableSelection { IncludeTables = ["public.film"] } }, 14));
        Assert.True(PublicSchema.Opens(set, new RestoreRequest { Scope = RestoreScope.SchemaOnly }, 14));
    }

    private static RestoreSet SetOf(int sourceMajorVersion) => RestoreSelector.Select(new DatabaseSchema([]), [], new RestoreRequest()) with
    {
        Server = new ServerSet { SourceMajorVersion = sourceMajorVersion },
    };
}

using Backup.Core.Archives.Manifest;
using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;
using Backup.Core.Restore;
using Backup.Core.Restore.Managed;

namespace Backup.Core.Tests.Restore.Managed;

public sealed class ManagedRowsTests
{
    private static readonly QualifiedName Users = new("auth", "users");

    [Fact]
    public void Fit_TargetLacksColumns_LoadsTheCommonOnes()
    {
        var (set, notices) = Fit(false, (Users, ["id", "tier", "email"]));

        Assert.Equal(["public.mine", "auth.users"], Names(set));
        Assert.Equal(["id", "email"], set.PlatformTables[Users]);
        Assert.Contains("auth.users lacks the column phone", Assert.Single(notices), StringComparison.Ordinal);
        Assert.Equal(["auth.clients", "storage.objects", "auth.schema_migrations"], set.LeftOut.Select(item => item.Name));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fit_FilesComeLater_LeavesTheirRowsOut(bool filesComeLater)
    {
        var (set, _) = Fit(filesComeLater, (new QualifiedName("storage", "objects"), ["id", "email", "phone"]));

        Assert.Equal(!filesComeLater, Names(set).Contains("storage.objects"));
    }

    [Fact]
    public void Fit_TargetHasNoneOfTheColumns_LeavesTheTableOut() => Assert.Equal(["public.mine"], Names(Fit(false, (Users, ["x"])).Set));

    [Fact]
    public void Fit_TableThatAnExtensionOfTheRunMakes_IsLoaded()
    {
        var rows = new ManagedRows(new Dictionary<QualifiedName, IReadOnlySet<string>>(), new HashSet<QualifiedName>(), default);
        var job = new QualifiedName("cron", "job");
        var extension = Toc.Entry(1, "EXTENSION", "pg_cron");

        Assert.Equal(["cron.job"], Names(rows.Fit(Of([extension]))));
        Assert.Empty(rows.Fit(Of([])).Tables);

        RestoreSet Of(IReadOnlyList<TocEntry> preData) => SetOf([Table(job)], preData) with
        {
            ExtensionTables = new Dictionary<QualifiedName, IReadOnlyList<int>> { [job] = [1] },
        };
    }

    private static (RestoreSet Set, IReadOnlyList<string> Notices) Fit(bool filesComeLater, params (QualifiedName Name, string[] Columns)[] target)
    {
        var rows = new ManagedRows(
            target.ToDictionary(item => item.Name, item => (IReadOnlySet<string>)item.Columns.ToHashSet()), new HashSet<QualifiedName>(), new ManagedBackup(IsOfPreset: false, filesComeLater));
        QualifiedName[] tables =
        [
            new("public", "mine"), Users, new("auth", "clients"), new("storage", "objects"), new("auth", "schema_migrations"),
        ];
        var set = rows.Fit(SetOf([.. tables.Select(Table)], []));
        return (set, rows.Notices);
    }

    private static string[] Names(RestoreSet set) => [.. set.Tables.Select(table => $"{table.Schema}.{table.Name}")];

    private static TableRecord Table(QualifiedName name) => new()
    {
        Schema = name.Schema,
        Name = name.Name,
        Path = $"database/data/{name}/",
        Columns = ["id", "email", "phone"],
        Pages = 1,
        Rows = 1,
        RawBytes = 10,
    };

    private static RestoreSet SetOf(IReadOnlyList<TableRecord> tables, IReadOnlyList<TocEntry> preData) => new()
    {
        PreData = preData,
        Tables = tables,
        Sequences = [],
        PostData = [],
        Closing = [],
        LeftOut = [],
        Supporting = new HashSet<int>(),
    };
}

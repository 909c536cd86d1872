using Backup.Core.Postgres;

namespace Backup.Core.Tests.Postgres;

public sealed class CopyStatementTests
{
    private static readonly TableInfo Table = new()
    {
        Oid = 1,
        Name = new QualifiedName("public", "Film"),
        Columns = ["id", "my title"],
        HeapBlocks = 10,
        TotalBytes = 81_920,
        SupportsCtidRanges = true,
    };

    [Theory]
    [InlineData(null, null, "COPY public.\"Film\" (id, \"my title\")")]
    [InlineData(0L, null, "COPY public.\"Film\" (id, \"my title\")")]
    [InlineData(0L, 4L, "COPY (SELECT id, \"my title\" FROM ONLY public.\"Film\" WHERE ctid < '(4,0)'::tid)")]
    [InlineData(4L, 8L, "COPY (SELECT id, \"my title\" FROM ONLY public.\"Film\" WHERE ctid >= '(4,0)'::tid AND ctid < '(8,0)'::tid)")]
    [InlineData(8L, null, "COPY (SELECT id, \"my title\" FROM ONLY public.\"Film\" WHERE ctid >= '(8,0)'::tid)")]
    public void Export_Range_IsInTheStatement(long? first, long? end, string expected) =>
        Assert.Equal($"{expected} TO STDOUT (FORMAT text, ENCODING 'UTF8')", CopyStatement.Export(new TablePage(Table, 1, first, end), "UTF8"));

    [Fact]
    public void Export_Condition_FollowsWhere() =>
        Assert.Equal(
            "COPY (SELECT id, \"my title\" FROM ONLY public.\"Film\" WHERE id > 9 OR id < 2) TO STDOUT (FORMAT text, ENCODING 'LATIN1')",
            CopyStatement.Export(new TablePage(Table with { Condition = "id > 9 OR id < 2" }, 1, null, null), "LATIN1"));

    [Fact]
    public void Export_NoColumns_SelectsRowsOnly() =>
        Assert.Equal(
            "COPY (SELECT FROM ONLY public.\"Film\") TO STDOUT (FORMAT text, ENCODING 'UTF8')",
            CopyStatement.Export(new TablePage(Table with { Columns = [] }, 1, 0, null), "UTF8"));

    [Fact]
    public void Import_Columns_AreListed()
    {
        Assert.Equal(
            "COPY public.\"Film\" (id, \"my title\") FROM STDIN (FORMAT text, ENCODING 'EUC_JP')",
            CopyStatement.Import(Table.Name, Table.Columns, "EUC_JP", isEmptied: false));
        Assert.Equal("COPY public.\"Film\" FROM STDIN (FORMAT text, ENCODING 'UTF8')", CopyStatement.Import(Table.Name, [], "UTF8", isEmptied: false));
    }

    [Fact]
    public void Import_TableThatTheTransactionEmptied_WritesFrozenRows() => Assert.Equal(
        "COPY public.\"Film\" FROM STDIN (FORMAT text, ENCODING 'UTF8', FREEZE)", CopyStatement.Import(Table.Name, [], "UTF8", isEmptied: true));
}

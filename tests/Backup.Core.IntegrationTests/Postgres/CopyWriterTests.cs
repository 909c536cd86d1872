using Backup.Core.Errors;
using Backup.Core.Postgres;
using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.Postgres;

[Collection(PostgresFixture.Collection)]
public sealed class CopyWriterTests(PostgresFixture fixture)
{
    private static readonly QualifiedName Table = new("public", "t");

    [Fact]
    public async Task CompleteAsync_RowsCutAnywhere_LoadsThemAll()
    {
        await using var database = await TestDatabase.CreateAsync(fixture, "CREATE TABLE t (a int, b text)");
        await using var writer = await CopyWriter.OpenAsync(database.Connection, Table, ["a", "b"], "UTF8", false, default);
        await writer.WriteAsync("1\tone\n2\t\\"u8.ToArray(), default);
        await writer.WriteAsync("N\n3\tthr"u8.ToArray(), default);
        await writer.WriteAsync("ee\n"u8.ToArray(), default);

        Assert.Equal(3, await writer.CompleteAsync(default));
        Assert.Equal(3, await database.ScalarAsync<long>("SELECT count(*) FROM t"));
        Assert.Equal("three", await database.ScalarAsync<string>("SELECT b FROM t WHERE a = 3"));
    }

    [Fact]
    public async Task DisposeAsync_NotCompleted_LeavesNoRowAndAUsableConnection()
    {
        await using var database = await TestDatabase.CreateAsync(fixture, "CREATE TABLE t (a int)");
        await using (var writer = await CopyWriter.OpenAsync(database.Connection, Table, ["a"], "UTF8", false, default))
        {
            await writer.WriteAsync("1\n2\n"u8.ToArray(), default);
        }

        Assert.Equal(0, await database.ScalarAsync<long>("SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task CompleteAsync_RowThatDoesNotFit_FailsWithoutShowingIt()
    {
        await using var database = await TestDatabase.CreateAsync(fixture, "CREATE TABLE t (a int)");
        await using var writer = await CopyWriter.OpenAsync(database.Connection, Table, ["a"], "UTF8", false, default);
        await writer.WriteAsync("1\nsecret\n"u8.ToArray(), default);

        var fault = await Assert.ThrowsAsync<DatabaseException>(async () => await writer.CompleteAsync(default));

        Assert.Equal("public.t", fault.Subject);
        Assert.Equal("22P02", fault.SqlState);
        Assert.StartsWith("Loading public.t failed: invalid input syntax for type integer", fault.Message, StringComparison.Ordinal);
        Assert.Equal(0, await database.ScalarAsync<long>("SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task WriteAsync_ManyRowsAfterABadOne_FailsAndLeavesNoRow()
    {
        await using var database = await TestDatabase.CreateAsync(fixture, "CREATE TABLE t (a int)");
        var rows = new byte[8 * 1024 * 1024];
        for (var i = 0; i < rows.Length; i += 2)
            (rows[i], rows[i + 1]) = ((byte)'1', (byte)'\n');
        rows[0] = (byte)'x';

        var fault = await Assert.ThrowsAsync<DatabaseException>(async () =>
        {
            await using var writer = await CopyWriter.OpenAsync(database.Connection, Table, ["a"], "UTF8", false, default);
            for (var i = 0; i < 8; i++)
                await writer.WriteAsync(rows, default);
            await writer.CompleteAsync(default);
        });

        Assert.Equal("22P02", fault.SqlState);
        Assert.Equal(0, await database.ScalarAsync<long>("SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task OpenAsync_NoColumns_LoadsEmptyRows()
    {
        await using var database = await TestDatabase.CreateAsync(fixture, "CREATE TABLE t ()");
        await using var writer = await CopyWriter.OpenAsync(database.Connection, Table, [], "UTF8", false, default);
        await writer.WriteAsync("\n\n"u8.ToArray(), default);

        Assert.Equal(2, await writer.CompleteAsync(default));
        Assert.Equal(2, await database.ScalarAsync<long>("SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task OpenAsync_MissingTable_NamesIt()
    {
        await using var database = await TestDatabase.CreateAsync(fixture);

        var fault = await Assert.ThrowsAsync<DatabaseException>(() => CopyWriter.OpenAsync(database.Connection, Table, ["a"], "UTF8", false, default));

        Assert.Equal("Loading public.t failed: relation \"public.t\" does not exist (SQLSTATE 42P01).", fault.Message);
    }
}

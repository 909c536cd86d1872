using Backup.Core.Postgres;
using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.Postgres;

public abstract class EncodingTests(PostgresFixture fixture, bool usesWire)
{
    [Theory]
    [InlineData("UTF8", new byte[] { 0xC3, 0xA9, 0xE6, 0x97, 0xA5 })]
    [InlineData("LATIN1", new byte[] { 0xE9, 0xFC, 0xFF })]
    [InlineData("WIN1251", new byte[] { 0xCF, 0xEE, 0xEB, 0xE5 })]
    [InlineData("EUC_JP", new byte[] { 0xC6, 0xFC, 0xCB, 0xDC, 0x8F, 0xB0, 0xA1 })]
    [InlineData("SQL_ASCII", new byte[] { 0xE9, 0x80, 0xFE, 0xC3 })]
    public async Task ReadAndWrite_AnyDatabaseEncoding_KeepTheStoredBytes(string encoding, byte[] stored)
    {
        var options = new DatabaseOptions { Encoding = encoding, Locale = "C" };
        await using var origin = await TestDatabase.CreateAsync(fixture, "CREATE TABLE t (id int, body text)", options);
        await using var target = await TestDatabase.CreateAsync(fixture, "CREATE TABLE t (id int, body text)", options);
        await origin.ExecuteAsync($"INSERT INTO t VALUES (1, convert_from('\\x{Convert.ToHexString(stored)}', '{encoding}'))");
        await using var session = await SnapshotReads.OpenAsync(usesWire, origin.Source);
        var table = Assert.Single(session.Tables);

        var bytes = (await session.ReadAllAsync())["public.t"];
        await using (var writer = await CopyWriter.OpenAsync(target.Connection, table.Name, table.Columns, session.Snapshot.Encoding, false, default))
        {
            await writer.WriteAsync(bytes, default);
            Assert.Equal(1, await writer.CompleteAsync(default));
        }

        Assert.Equal(encoding, session.Snapshot.Encoding);
        Assert.Equal([.. "1\t"u8, .. stored, (byte)'\n'], bytes);
        Assert.Equal(stored, await target.ScalarAsync<byte[]>($"SELECT convert_to(body, '{encoding}') FROM t"));
    }

    [Fact]
    public async Task ReadAsync_NamesInAnotherEncoding_AreReadAsTheyAre()
    {
        await using var database = await TestDatabase.CreateAsync(
            fixture, "CREATE TABLE \"Größe\" (\"Maß\" int); INSERT INTO \"Größe\" VALUES (1)", new DatabaseOptions { Encoding = "LATIN1", Locale = "C" });
        await using var session = await SnapshotReads.OpenAsync(usesWire, database.Source);

        Assert.Equal("1\n", (await session.ReadTextAsync())["public.Größe"]);
    }
}

[Collection(PostgresFixture.Collection)]
public sealed class EncodingTestsOverNpgsql(PostgresFixture fixture) : EncodingTests(fixture, usesWire: false);

[Collection(PostgresFixture.Collection)]
public sealed class EncodingTestsOverWire(PostgresFixture fixture) : EncodingTests(fixture, usesWire: true);

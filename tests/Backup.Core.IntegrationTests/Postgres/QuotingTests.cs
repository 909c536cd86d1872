using Backup.Core.Postgres;
using Backup.TestKit.PostgreSql;
using CsCheck;

namespace Backup.Core.IntegrationTests.Postgres;

[Collection(PostgresFixture.Collection)]
public sealed class QuotingTests(PostgresFixture fixture)
{
    // Names and texts of every kind but NUL, which PostgreSQL cannot store, and lone surrogates, which are no text.
    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.String[Gen.Char["abcXYZ019_ .,;:'\"\\\n\t$@%{}()[]-/*é日"], 1, 20],
        Gen.String[Gen.Char['\u0001', '\u2000'], 1, 15]);

    [Theory]
    [InlineData("on")]
    [InlineData("off")]
    public async Task IdentifierAndLiteral_AnyText_ComeBackFromTheServer(string standardConformingStrings)
    {
        await using var database = await TestDatabase.CreateAsync(fixture, $"SET standard_conforming_strings = {standardConformingStrings}");
        await Texts.SampleAsync(
            async text =>
            {
                await using var command = database.Connection.CreateCommand();
                command.CommandText = $"SELECT {SqlText.Literal(text)} AS {SqlText.Identifier(text)}";
                await using var reader = await command.ExecuteReaderAsync();
                await reader.ReadAsync();
                Assert.Equal(text, reader.GetString(0));
                Assert.Equal(text, reader.GetName(0));
            },
            iter: 300,
            threads: 1);
    }
}

using Backup.Core.Postgres;

namespace Backup.Core.Tests.Postgres;

public sealed class SqlTextTests
{
    [Theory]
    [InlineData("film", "film")]
    [InlineData("film_2", "film_2")]
    [InlineData("2film", "\"2film\"")]
    [InlineData("Film", "\"Film\"")]
    [InlineData("select", "\"select\"")]
    [InlineData("a b", "\"a b\"")]
    [InlineData("it\"s", "\"it\"\"s\"")]
    [InlineData("a\nb", "\"a\nb\"")]
    [InlineData("straße", "\"straße\"")]
    [InlineData("", "\"\"")]
    public void Identifier_AnyName_IsQuotedWhereNeeded(string name, string expected) =>
        Assert.Equal(expected, SqlText.Identifier(name));

    [Theory]
    [InlineData("plain", "'plain'")]
    [InlineData("it's", "'it''s'")]
    [InlineData("a\\b", "E'a\\\\b'")]
    [InlineData("a\\'b", "E'a\\\\''b'")]
    public void Literal_AnyText_IsQuoted(string text, string expected) => Assert.Equal(expected, SqlText.Literal(text));
}

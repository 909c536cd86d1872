using Backup.Core.Postgres.StoredObjects;

namespace Backup.Core.Tests.Postgres.StoredObjects;

public sealed class NameRangeTests
{
    [Theory]
    [InlineData("", null)]
    [InlineData("docs", "doct")]
    [InlineData("docs/", "docs0")]
    [InlineData("a\u007F", "a\u0080")]
    [InlineData("é", "ê")]
    [InlineData("\uD7FF", "\uE000")]
    [InlineData("\uFFFF", "\U00010000")]
    [InlineData("a\U0001F600", "a\U0001F601")]
    [InlineData("ab\U0010FFFF", "ac")]
    [InlineData("\U0010FFFF\U0010FFFF", null)]
    public void Of_Prefix_EndsAtTheNextTextOfItsLengthOrLess(string prefix, string? end) =>
        Assert.Equal(new NameRange(prefix, end), NameRange.Of(prefix));
}

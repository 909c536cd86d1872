using System.Text;
using Backup.Core.Postgres;

namespace Backup.Core.Tests.Postgres;

public sealed class CopyTextTests
{
    [Theory]
    [InlineData("", 0, 0)]
    [InlineData("a\tb", 0, 0)]
    [InlineData("a\tb\n", 1, 4)]
    [InlineData("a\\nb\nc\nhalf", 2, 7)]
    [InlineData("\n\n\n", 3, 3)]
    public void CountRows_AndWholeRowsLength_GoByLineFeeds(string text, int rows, int length)
    {
        var bytes = Encoding.ASCII.GetBytes(text);

        Assert.Equal(rows, CopyText.CountRows(bytes));
        Assert.Equal(length, CopyText.WholeRowsLength(bytes));
    }
}

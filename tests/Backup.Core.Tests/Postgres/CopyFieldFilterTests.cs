using System.Text;
using Backup.Core.Errors;
using Backup.Core.Postgres;

namespace Backup.Core.Tests.Postgres;

public sealed class CopyFieldFilterTests
{
    private static readonly string[] Columns = ["a", "b", "c"];

    [Theory]
    [InlineData("a", "1\n4\n")]
    [InlineData("b", "2\\t\\n\n\n")]
    [InlineData("c", "\\N\n6\n")]
    [InlineData("a,b", "1\t2\\t\\n\n4\t\n")]
    [InlineData("a,c", "1\t\\N\n4\t6\n")]
    [InlineData("b,c", "2\\t\\n\t\\N\n\t6\n")]
    [InlineData("a,b,c", "1\t2\\t\\n\t\\N\n4\t\t6\n")]
    public void Copy_BlocksOfEverySize_LeavesTheFieldsThatStay(string kept, string expected)
    {
        var rows = Encoding.UTF8.GetBytes("1\t2\\t\\n\t\\N\n4\t\t6\n");
        for (var size = 1; size <= rows.Length; size++)
        {
            var filter = new CopyFieldFilter(Columns, kept.Split(','));
            var result = new List<byte>();
            foreach (var block in rows.Chunk(size))
            {
                // Into the block itself, as a restore does.
                result.AddRange(block[..filter.Copy(block, block)]);
            }

            Assert.Equal(expected, Encoding.UTF8.GetString([.. result]));
        }
    }

    [Fact]
    public void Copy_RowWithMoreFieldsThanColumns_Throws() => Assert.Throws<ArchiveFormatException>(() =>
    {
        var rows = "1\t2\t3\t4\n"u8.ToArray();
        return new CopyFieldFilter(Columns, ["a"]).Copy(rows, rows);
    });
}

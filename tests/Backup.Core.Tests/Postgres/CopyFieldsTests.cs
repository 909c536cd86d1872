using System.Text;
using Backup.Core.Postgres;

namespace Backup.Core.Tests.Postgres;

public sealed class CopyFieldsTests
{
    [Theory]
    [InlineData("a\tb\tc", new[] { "a", "b", "c" })]
    [InlineData("", new[] { "" })]
    [InlineData("\t", new[] { "", "" })]
    [InlineData(@"\N", new string?[] { null })]
    [InlineData(@"a	\N	", new[] { "a", null, "" })]
    [InlineData(@"\\N	x\\", new[] { @"\N", @"x\" })]
    [InlineData(@"a\tb\nc\rd\\e\bf\fg\v", new[] { "a\tb\nc\rd\\e\bf\fg\v" })]
    [InlineData("žluťoučký\t\\\\kůň 🐎", new[] { "žluťoučký", @"\kůň 🐎" })]
    public void NextText_Row_GivesTheValues(string row, string?[] expected)
    {
        var fields = new CopyFields(Encoding.UTF8.GetBytes(row));
        foreach (var value in expected)
        {
            Assert.Equal(value, fields.NextText());
        }
    }

    [Fact]
    public void Next_BehindTheLastField_IsRefused() => Assert.Throws<InvalidOperationException>(() =>
    {
        var fields = new CopyFields("a\tb"u8);
        fields.Next();
        fields.Next();
        fields.Next();
    });
}

using System.Text;
using Backup.Core.Postgres.Wire;

namespace Backup.Core.Tests.Postgres.Wire;

/// <summary>What is made of, or read from, the small texts of the protocol.</summary>
public sealed class WireTextTests
{
    private static readonly string[] PassfileLines =
    [
        "# a comment:*:*:*:no",
        "malformed",
        "db.example:5432:app:me:first",
        @"db\:1:5432:app:me:with\:colon\\and:more",
        "*:*:other:*:any",
    ];

    [Fact]
    public void Hash_OfAPassword_IsWhatTheServerExpects() =>
        Assert.Equal("md59832b4f0eeabb03e6dd3e406a4d300fc", Md5Password.Hash("postgres", "geheim é", [1, 2, 3, 0xFE]));

    [Theory]
    [InlineData("db.example", 5432, "app", "first")]
    [InlineData("db:1", 5432, "app", @"with:colon\and:more")]
    [InlineData("db.example", 5433, "other", "any")]
    [InlineData("db.example", 5433, "app", null)]
    public void Find_InAPassfile_TakesTheFirstLineThatMatches(string host, int port, string database, string? password) =>
        Assert.Equal(password, Passfile.Find(PassfileLines, host, port, database, "me"));

    [Fact]
    public void Read_ErrorResponse_GivesStateAndMessageButNoDetail()
    {
        var fault = ServerFault.Read(Fields("SFEHLER", "VERROR", "C22P02", "Mungültig", "Drow 7 holds a secret", "Wrow 7 holds a secret", "HTry again.", "stable"));

        Assert.Equal(("ungültig", "22P02", "ERROR"), (fault.MessageText, fault.SqlState, fault.InvariantSeverity));
        Assert.Equal(("Try again.", "table"), (fault.Hint, fault.SchemaName));
        Assert.DoesNotContain("secret", fault.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("M")]
    [InlineData("Mcut")]
    [InlineData("C42501\0Mcut of")]
    public void Read_ErrorResponseThatIsCutOff_GivesWhatThereIs(string body) =>
        Assert.NotEmpty(ServerFault.Read(Encoding.UTF8.GetBytes(body)).SqlState);

    [Fact]
    public void Read_DataRow_GivesItsTexts() =>
        Assert.Equal(["ab", "", ""], DataRow.Read([0, 3, 0, 0, 0, 2, (byte)'a', (byte)'b', 0, 0, 0, 0, 255, 255, 255, 255]));

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 0, 1 })]
    [InlineData(new byte[] { 0, 1, 0, 0, 0, 9, 1 })]
    [InlineData(new byte[] { 255, 255, 0, 0, 0, 0 })]
    public void Read_DataRowThatDoesNotAddUp_Throws(byte[] body) => Assert.Throws<ProtocolException>(() => DataRow.Read(body));

    private static byte[] Fields(params string[] fields) => [.. fields.SelectMany(field => Encoding.UTF8.GetBytes(field + "\0")), 0];
}

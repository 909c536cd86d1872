using Backup.Core.Postgres.Schema;

namespace Backup.Core.Tests.Postgres.Schema;

public sealed class RelationOptionsTests
{
    [Theory]
    [InlineData("fillfactor=70", "", "fillfactor='70'")]
    [InlineData("autovacuum_enabled=off", "toast.", "toast.autovacuum_enabled=off")]
    [InlineData("check_option=local", "", "check_option=local")]
    [InlineData("name=it's=b", "", "name='it''s=b'")]
    [InlineData("flag", "", "flag=''")]
    public void Format_Option_QuotesWhatIsNoPlainWord(string option, string prefix, string expected) =>
        Assert.Equal(expected, RelationOptions.Format([option], prefix));

    [Fact]
    public void Format_None_IsEmpty() => Assert.Equal("", RelationOptions.Format(null));
}

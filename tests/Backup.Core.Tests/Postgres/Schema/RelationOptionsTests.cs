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

    [Theory]
    [InlineData("fillfactor='70', autovacuum_vacuum_max_threshold='5'", "autovacuum_vacuum_max_threshold")]
    [InlineData("toast.vacuum_max_eager_freeze_failure_rate='0.5'", "vacuum_max_eager_freeze_failure_rate")]
    public void RequirementsOf_ParameterOfVersion18_NamesIt(string options, string name)
    {
        var requirement = Assert.Single(RelationOptions.RequirementsOf(options));

        Assert.Equal($"the storage parameter {name}", requirement.What);
        Assert.Equal(18, requirement.Since);
    }

    [Fact]
    public void RequirementsOf_ParametersOfEveryVersion_AreNone() =>
        Assert.Empty(RelationOptions.RequirementsOf("fillfactor='70', autovacuum_vacuum_threshold='5'"));

    [Fact]
    public void Format_None_IsEmpty() => Assert.Equal("", RelationOptions.Format(null));
}

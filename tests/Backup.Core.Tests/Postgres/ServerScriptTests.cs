using Backup.Core.Postgres;

namespace Backup.Core.Tests.Postgres;

public sealed class ServerScriptTests
{
    [Fact]
    public void Of_OrdinaryStatements_AreLeftAlone()
    {
        const string sql = "CREATE TABLE a (); COMMENT ON TABLE a IS 'atomic; begin';";

        Assert.Same(sql, ServerScript.Of(sql));
    }

    [Fact]
    public void Of_FunctionWithAStandardBody_BecomesOneStatement() => Assert.Equal(
        "DO LANGUAGE plpgsql $backup$BEGIN EXECUTE 'CREATE FUNCTION f() RETURNS text BEGIN ATOMIC SELECT ''it''''s''; END;'; END$backup$",
        ServerScript.Of("CREATE FUNCTION f() RETURNS text BEGIN ATOMIC SELECT 'it''s'; END;"));

    [Fact]
    public void Of_TextThatHoldsTheTag_GetsAnother() =>
        Assert.StartsWith("DO LANGUAGE plpgsql $backup2$", ServerScript.Of("BEGIN ATOMIC SELECT '$backup$ $backup1$'; END"), StringComparison.Ordinal);
}

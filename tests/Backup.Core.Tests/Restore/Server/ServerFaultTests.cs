using Backup.Core.Errors;
using Backup.Core.Postgres.Server;
using Backup.Core.Restore.Server;

namespace Backup.Core.Tests.Restore.Server;

public sealed class ServerFaultTests
{
    private static readonly ServerStatement Setting = new(
        ServerKinds.DatabaseSetting, "app.key", "ALTER DATABASE d SET \"app.key\" TO 'hush-hush';\n");

    [Fact]
    public void Of_ValueThatTheServerDoesNotTake_NamesItNowhere()
    {
        var exception = new DatabaseException("invalid value for parameter \"app.key\": \"hush-hush\"") { SqlState = "22023" };

        var failure = ServerFault.Of(Setting, exception);

        Assert.DoesNotContain("hush-hush", failure.ToString(), StringComparison.Ordinal);
        Assert.Null(ServerFault.CauseOf(Setting, exception));
    }

    [Fact]
    public void Of_RightThatIsMissing_SaysWhichAndKeepsTheCause()
    {
        var exception = new DatabaseException("permission denied to set parameter \"app.key\"") { SqlState = "42501" };

        var failure = ServerFault.Of(Setting, exception);

        Assert.Equal(("app.key", "permission denied to set parameter \"app.key\""), (failure.Subject, failure.Reason));
        Assert.Null(failure.Statement);
        Assert.Same(exception, ServerFault.CauseOf(Setting, exception));
    }

    [Theory]
    [InlineData(ServerKinds.RoleLabel)]
    [InlineData(ServerKinds.DatabaseLabel)]
    public void Of_LabelOfAModuleThatTheServerHasNotLoaded_SaysWhereThatIsDone(string kind)
    {
        var statement = new ServerStatement(kind, "dummy", "SECURITY LABEL FOR dummy ON DATABASE d IS 'x';\n");
        var exception = new DatabaseException("security label provider \"dummy\" is not loaded") { SqlState = "22023" };

        var failure = ServerFault.Of(statement, exception);

        Assert.Contains("shared_preload_libraries", failure.Hint, StringComparison.Ordinal);
        Assert.Contains("provider \"dummy\"", failure.Reason, StringComparison.Ordinal);
        Assert.Equal("SECURITY LABEL FOR dummy ON DATABASE d IS 'x';", failure.Statement);
    }
}

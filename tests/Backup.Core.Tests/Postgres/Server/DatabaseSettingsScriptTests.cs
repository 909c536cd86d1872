using System.Text;
using Backup.Core.Postgres.Server;

namespace Backup.Core.Tests.Postgres.Server;

public sealed class DatabaseSettingsScriptTests
{
    private static readonly DatabaseSettings Settings = ServerFilesTests.Settings;

    [Fact]
    public void Statements_OfADatabase_NameTheTargetAndGiveItsOwnerFirst()
    {
        var statements = DatabaseSettingsScript.Statements(Settings, "target", 15).ToList();

        Assert.Equal(
            """
            ALTER DATABASE target OWNER TO app;
            COMMENT ON DATABASE target IS 'ours';
            ALTER DATABASE target IS_TEMPLATE = true;
            ALTER DATABASE target CONNECTION LIMIT = 7;
            ALTER DATABASE target SET "app.key" TO 'secret';
            ALTER ROLE reader IN DATABASE target SET work_mem TO '5MB';
            REVOKE CONNECT,TEMPORARY ON DATABASE target FROM PUBLIC;
            GRANT CONNECT ON DATABASE target TO reader WITH GRANT OPTION;

            """,
            string.Concat(statements.Select(statement => statement.Sql)));
        Assert.DoesNotContain(statements, statement => statement.Subject.Contains("secret", StringComparison.Ordinal));
        Assert.Equal(["reader"], statements.Select(statement => statement.Role).OfType<string>());
    }

    [Fact]
    public void Statements_PrivilegesThatOthersGrantedOn_AreByThemselves()
    {
        var settings = Settings with { Privileges = [.. Settings.Privileges!, "guest=c/reader"] };

        var statements = DatabaseSettingsScript.Statements(settings, "target", 15).Where(item => item.Kind == ServerKinds.DatabasePrivileges).ToList();

        Assert.Equal(2, statements.Count);
        Assert.DoesNotContain("guest", statements[0].Sql, StringComparison.Ordinal);
        Assert.Equal(
            "SET SESSION AUTHORIZATION reader;\nGRANT CONNECT ON DATABASE target TO guest;\nRESET SESSION AUTHORIZATION;\n", statements[1].Sql);
    }

    [Fact]
    public void Statements_SecurityLabels_NameTheTargetAndQuoteProviderAndLabel()
    {
        var settings = Settings with { Labels = [new ServerLabel { Provider = "dummy", Label = "it's" }, new ServerLabel { Provider = "Two\"s", Label = "" }] };

        var labels = DatabaseSettingsScript.Statements(settings, "\"the Target\"", 15).Where(item => item.Kind == ServerKinds.DatabaseLabel);

        Assert.Equal(
            [
                ("dummy", "SECURITY LABEL FOR dummy ON DATABASE \"the Target\" IS 'it''s';\n"),
                ("Two\"s", "SECURITY LABEL FOR \"Two\"\"s\" ON DATABASE \"the Target\" IS '';\n"),
            ],
            labels.Select(item => (item.Subject, item.Sql)));
    }

    [Fact]
    public void RolesOf_OfADatabase_AreThoseOfItsSettingsAndOfItsPrivileges()
    {
        Assert.Equal(["reader"], DatabaseSettingsScript.RolesOf(Settings, ofPrivileges: false));
        Assert.Equal(["app", "reader"], DatabaseSettingsScript.RolesOf(Settings, ofPrivileges: true).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task WriteAsync_NameWithALineBreak_StaysInItsComment()
    {
        using var file = new MemoryStream();

        await DatabaseSettingsScript.WriteAsync(file, Settings with { Name = "a\nDROP TABLE t;" }, 15, CancellationToken.None);

        var lines = Encoding.UTF8.GetString(file.ToArray()).Split('\n');
        Assert.DoesNotContain(lines, line => line.StartsWith("DROP", StringComparison.Ordinal));
        Assert.Contains("ALTER DATABASE :\"DBNAME\" OWNER TO app;", lines);
    }
}

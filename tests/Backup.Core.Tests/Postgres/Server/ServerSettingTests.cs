using Backup.Core.Postgres.Server;

namespace Backup.Core.Tests.Postgres.Server;

public sealed class ServerSettingTests
{
    [Theory]
    [InlineData("work_mem=5MB", "SET work_mem TO '5MB'")]
    [InlineData("TimeZone=Europe/Vienna", "SET \"TimeZone\" TO 'Europe/Vienna'")]
    [InlineData("app.settings.key=a=b, \"c\"", "SET \"app.settings.key\" TO 'a=b, \"c\"'")]
    [InlineData("app.path=it's \\ all", "SET \"app.path\" TO E'it''s \\\\ all'")]
    [InlineData("search_path=\"\"", "SET search_path TO ''")]
    [InlineData("search_path=\"$user\", public, \"we\"\"ird, one\"", "SET search_path TO '$user', 'public', 'we\"ird, one'")]
    [InlineData("Search_Path=a,b", "SET \"Search_Path\" TO 'a', 'b'")]
    [InlineData("session_preload_libraries=auto_explain", "SET session_preload_libraries TO 'auto_explain'")]
    [InlineData("search_path=a b", "SET search_path TO 'a b'")]
    [InlineData("search_path=a,", "SET search_path TO 'a,'")]
    [InlineData("search_path=\"a", "SET search_path TO '\"a'")]
    [InlineData("search_path=", "SET search_path TO ''")]
    public void ToSql_ItemOfTheCatalog_SaysTheSameValue(string item, string expected) =>
        Assert.Equal(expected, ServerSetting.Parse(item).ToSql());
}

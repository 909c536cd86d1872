using System.Text;
using Backup.Core.Errors;
using Backup.Core.Postgres.Server;

namespace Backup.Core.Tests.Postgres.Server;

public sealed class ServerFilesTests
{
    internal static readonly DatabaseSettings Settings = new()
    {
        Version = DatabaseSettings.CurrentVersion,
        Name = "source",
        Owner = "app",
        Comment = "ours",
        IsTemplate = true,
        ConnectionLimit = 7,
        Privileges = ["app=CTc/app", "reader=c*/app"],
        DefaultPrivileges = ["=Tc/app", "app=CTc/app"],
        Settings = [new ServerSetting { Name = "app.key", Value = "secret" }],
        RoleSettings = [new RoleSetting { Role = "reader", Setting = new ServerSetting { Name = "work_mem", Value = "5MB" } }],
        Locale = new DatabaseLocale { Encoding = "UTF8", Collate = "C", Ctype = "C", Provider = "libc" },
    };

    [Fact]
    public async Task WriteAsync_SettingsThenRead_GivesTheSameText()
    {
        var text = await TextOfAsync(stream => ServerFiles.WriteAsync(stream, Settings, CancellationToken.None));

        var read = await ServerFiles.ReadSettingsAsync(StreamOf(text), "settings.json", CancellationToken.None);

        Assert.Equal(text, await TextOfAsync(stream => ServerFiles.WriteAsync(stream, read, CancellationToken.None)));
    }

    [Fact]
    public async Task WriteAsync_RolesThenRead_GivesTheSameText()
    {
        var list = new RoleList
        {
            Version = RoleList.CurrentVersion,
            Roles = [new RoleDefinition { Name = "Zoë", Login = true, Inherit = false, Labels = [new ServerLabel { Provider = "p", Label = "l" }] }],
            Parameters = [new ParameterPrivilege { Parameter = "log_statement", Privilege = "Zoë=s/postgres" }],
            Memberships = [new RoleMembership { Role = "pg_monitor", Member = "Zoë", Set = false, Inherit = false }],
        };
        var text = await TextOfAsync(stream => ServerFiles.WriteAsync(stream, list, CancellationToken.None));

        var read = await ServerFiles.ReadRolesAsync(StreamOf(text), "roles.json", CancellationToken.None);

        Assert.Contains("\"Zoë\"", text, StringComparison.Ordinal);
        Assert.Equal(text, await TextOfAsync(stream => ServerFiles.WriteAsync(stream, read, CancellationToken.None)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"version":1,"roles":null,"memberships":[]}""")]
    [InlineData("""{"version":1,"roles":[null],"memberships":[]}""")]
    [InlineData("""{"version":1,"roles":[{"name":null}],"memberships":[]}""")]
    [InlineData("""{"version":1,"roles":[{"name":"a","settings":[{"name":"b"}]}],"memberships":[]}""")]
    [InlineData("""{"version":1,"roles":[{"name":"a","labels":null}],"memberships":[]}""")]
    [InlineData("""{"version":1,"roles":[],"memberships":[{"role":"a"}]}""")]
    [InlineData("""{"version":1,"roles":[]}""")]
    [InlineData("""{"version":1,"roles":[],"memberships":[],"parameters":[{"parameter":"a","privilege":"b"}]}""")]
    [InlineData("""{"version":1,"roles":[],"memberships":[],"parameters":[null]}""")]
    public async Task ReadRolesAsync_Damaged_SaysSo(string text)
    {
        var exception = await Assert.ThrowsAsync<ArchiveFormatException>(
            () => ServerFiles.ReadRolesAsync(StreamOf(text), "roles.json", CancellationToken.None));

        Assert.Equal("roles.json", exception.Subject);
    }

    [Theory]
    [InlineData("\"reader=c*/app\"", "\"reader\"")]
    [InlineData("\"reader=c*/app\"", "\"reader=*/app\"")]
    [InlineData("\"reader=c*/app\"", "null")]
    [InlineData("\"=Tc/app\"", "\"=Tc\"")]
    [InlineData("\"role\": \"reader\"", "\"role\": null")]
    [InlineData("\"owner\": \"app\"", "\"owner\": 3")]
    [InlineData("\"collate\": \"C\",", "")]
    public async Task ReadSettingsAsync_Damaged_SaysSo(string present, string instead)
    {
        var text = await TextOfAsync(stream => ServerFiles.WriteAsync(stream, Settings, CancellationToken.None));
        Assert.Contains(present, text, StringComparison.Ordinal);

        await Assert.ThrowsAsync<ArchiveFormatException>(() => ServerFiles.ReadSettingsAsync(
            StreamOf(text.Replace(present, instead, StringComparison.Ordinal)), "settings.json", CancellationToken.None));
    }

    [Fact]
    public async Task ReadRolesAsync_OfANewerVersion_SaysSo() => await Assert.ThrowsAsync<UnsupportedFormatVersionException>(
        () => ServerFiles.ReadRolesAsync(StreamOf("""{"version":2,"roles":[],"memberships":[]}"""), "roles.json", CancellationToken.None));

    private static MemoryStream StreamOf(string text) => new(Encoding.UTF8.GetBytes(text));

    private static async Task<string> TextOfAsync(Func<Stream, Task> write)
    {
        using var file = new MemoryStream();
        await write(file);
        return Encoding.UTF8.GetString(file.ToArray());
    }
}

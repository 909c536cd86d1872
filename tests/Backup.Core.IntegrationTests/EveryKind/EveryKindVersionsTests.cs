using Backup.TestKit.Databases;
using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.EveryKind;

/// <summary>The oldest and the newest version that is supported; those between them where the environment asks for them.</summary>
public sealed class EveryKindVersionsTests
{
    private const string VersionsVariable = "BACKUP_CORE_VERSIONS";

    public static TheoryData<int> Majors => Environment.GetEnvironmentVariable(VersionsVariable) == "all" ? [14, 15, 16, 17, 18] : [14, 18];

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task Restore_EveryKind_HasTheCatalogsOfTheSource(int major)
    {
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions { Major = major });
        var source = await EveryKindDatabase.CreateAsync(server);
        var target = await EveryKindDatabase.CreateEmptyAsync(server);

        await EveryKindRoundTrip.CopyAsync(source, target);

        await EveryKindRoundTrip.AssertSameAsync(source, target);
    }
}

using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests;

/// <summary>
/// The tests that run the tool or a sample as a process of its own: beside all others, with a server of their own, since they mostly wait
/// for those processes.
/// </summary>
[CollectionDefinition(Name)]
public sealed class ToolCollection : ICollectionFixture<PostgresFixture>
{
    public const string Name = "tool";
}

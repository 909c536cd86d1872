using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests;

/// <summary>The tests of definitions and restores: beside those of reading and storing, with a server, and so with roles, of their own.</summary>
[CollectionDefinition(Name)]
public sealed class RestoreCollection : ICollectionFixture<PostgresFixture>
{
    public const string Name = "restore";
}

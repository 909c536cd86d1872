using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests;

/// <summary>The tests that share one server.</summary>
[CollectionDefinition(PostgresFixture.Collection)]
public sealed class PostgresCollection : ICollectionFixture<PostgresFixture>;

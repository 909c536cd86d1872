using System.Collections.Concurrent;
using Backup.TestKit.Databases;
using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.Versions;

/// <summary>One private server of each major version that a test asks for, started once for all of them.</summary>
public sealed class MajorServers : IAsyncLifetime
{
    private readonly ConcurrentDictionary<int, Lazy<Task<PostgresServer>>> _servers = new();

    /// <summary>The server of a major version.</summary>
    public Task<PostgresServer> OfAsync(int major) => _servers.GetOrAdd(major, _ => new Lazy<Task<PostgresServer>>(() => StartAsync(major))).Value;

    /// <inheritdoc/>
    public Task InitializeAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        foreach (var server in _servers.Values)
        {
            await (await server.Value).DisposeAsync();
        }
    }

    private static async Task<PostgresServer> StartAsync(int major)
    {
        var server = await PostgresServer.StartAsync(new PostgresServerOptions { Major = major });
        await server.ExecuteAsync("postgres", $"CREATE ROLE {MajorsDatabase.Role}");
        return server;
    }
}

using System.Globalization;
using Backup.Core.Peers.Measuring;
using Backup.TestKit.PostgreSql;
using Backup.TestKit.Workloads;

namespace Backup.Core.Granularity;

/// <summary>A private server with the mixed database, of which changed copies are made.</summary>
internal sealed class MeasuredDatabase : IAsyncDisposable
{
    private const string BaseName = "mixed";

    private readonly PostgresServer _server;
    private int _copies;

    private MeasuredDatabase(PostgresServer server, ServerProcessors processors)
    {
        _server = server;
        Processors = processors;
    }

    /// <summary>Connection string of the database before any change.</summary>
    public string Base => _server.ConnectionString(BaseName);

    /// <summary>What the server takes.</summary>
    public ServerProcessors Processors { get; }

    /// <summary>Starts the server and fills the database.</summary>
    /// <param name="bytes">The size of its rows as COPY text.</param>
    public static async Task<MeasuredDatabase> MakeAsync(long bytes)
    {
        var server = await PostgresServer.StartAsync(new PostgresServerOptions
        {
            Settings = new Dictionary<string, string> { ["autovacuum"] = "off" },
        });
        await server.CreateDatabaseAsync(new DatabaseOptions { Name = BaseName });
        await MixedDatabase.FillAsync(server.ConnectionString(BaseName), bytes);
        var processors = await ServerProcessors.FindAsync(server.ConnectionString("postgres"), CancellationToken.None);
        return new MeasuredDatabase(server, processors);
    }

    /// <summary>A copy of the database in which a change was made.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> ChangeAsync(MixedChange change)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"changed_{++_copies}");
        await _server.CreateDatabaseAsync(new DatabaseOptions { Name = name, Template = BaseName });
        await change.MakeAsync(_server.ConnectionString(name));
        return _server.ConnectionString(name);
    }

    /// <summary>Drops a copy.</summary>
    public Task DropAsync(string connectionString) =>
        _server.DropDatabaseAsync(new Npgsql.NpgsqlConnectionStringBuilder(connectionString).Database!);

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}

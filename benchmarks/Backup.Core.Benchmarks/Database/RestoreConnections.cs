using Backup.Core.Archives;
using Backup.Core.Benchmarks.Setup;
using Backup.Core.Pipeline;
using Backup.Core.Restore;
using Backup.Core.Sinks;
using BenchmarkDotNet.Attributes;
using Npgsql;

namespace Backup.Core.Benchmarks.Database;

/// <summary>How many connections should a restore load rows and build indexes with?</summary>
public class RestoreConnections : MeasuredBenchmark
{
    private const string Target = "restored";
    private readonly InMemorySink _sink = new();
    private BackupId _backup;
    private long _rawBytes;

    /// <summary>Connections of the restore.</summary>
    [Params(1, 2, 4)]
    public int Connections { get; set; }

    /// <inheritdoc/>
    public override async Task SetUpAsync()
    {
        var result = await new BackupPipelineBuilder().UsePostgres(SharedServers.Linked).UseSink(_sink).Build()
            .RunAsync(new BackupRequest());
        (_backup, _rawBytes) = (result.Id, result.Totals.RawBytes);
    }

    /// <summary>Makes an empty database before each call.</summary>
    [IterationSetup]
    public void MakeTarget()
    {
        ExecuteOnServer($"DROP DATABASE IF EXISTS {Target} WITH (FORCE)");
        ExecuteOnServer($"CREATE DATABASE {Target} TEMPLATE template0");
    }

    /// <summary>A whole restore with indexes and foreign keys.</summary>
    [Benchmark]
    public async Task Restore()
    {
        var pipeline = new RestorePipelineBuilder()
            .UseSink(_sink)
            .UsePostgres(Connect(Target))
            .ConfigureOptions(options => options.Connections = Connections)
            .Build();
        await pipeline.RunAsync(new RestoreRequest { Backup = _backup });
        Processed(_rawBytes);
    }

    /// <inheritdoc/>
    protected override Task ReleaseAsync()
    {
        ExecuteOnServer($"DROP DATABASE IF EXISTS {Target} WITH (FORCE)");
        return Task.CompletedTask;
    }

    // BenchmarkDotNet waits for no task in an iteration's set-up.
    private static void ExecuteOnServer(string sql)
    {
        using var connection = new NpgsqlConnection(Connect("postgres"));
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private static string Connect(string database) =>
        new NpgsqlConnectionStringBuilder(SharedServers.Linked) { Database = database }.ConnectionString;
}

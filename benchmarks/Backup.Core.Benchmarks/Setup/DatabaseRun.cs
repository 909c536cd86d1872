using Backup.Core.Pipeline;
using Backup.TestKit.Sinks;

namespace Backup.Core.Benchmarks.Setup;

/// <summary>One backup of the shared database into nowhere.</summary>
internal static class DatabaseRun
{
    /// <summary>Runs with settings; what they leave open is as in the product.</summary>
    public static async Task<BackupResult> ExecuteAsync(Action<BackupOptions> configure)
    {
        var pipeline = new BackupPipelineBuilder()
            .UsePostgres(SharedServers.Mixed)
            .UseSink(new DiscardingSink())
            .ConfigureOptions(configure)
            .Build();
        return await pipeline.RunAsync(new BackupRequest());
    }
}

using Backup.Core.Pipeline;
using Backup.Core.Restore;
using Backup.Core.Sinks;
using Backup.Core.Verification;
using Backup.TestKit.Databases;
using Backup.TestKit.PostgreSql;

namespace Quickstart;

/// <summary>The whole life of a backup: made while the application writes, verified, restored elsewhere and compared.</summary>
internal static class Scenario
{
    private const int Accounts = 2000;
    private const int Writers = 2;
    private const int TransfersBefore = 1000;

    /// <returns>Whether what was restored equals what was there.</returns>
    public static async Task<bool> RunAsync(QuickstartOptions options)
    {
        var folder = options.Folder ?? Path.Combine(Path.GetTempPath(), $"quickstart-{Guid.NewGuid():N}");
        try
        {
            await using var server = await Report.StepAsync("Starting a private PostgreSQL", () => PostgresServer.StartAsync());
            return await RunAsync(server, folder, options.Megabytes);
        }
        finally
        {
            if (options.Folder is null && Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static async Task<bool> RunAsync(PostgresServer server, string folder, int megabytes)
    {
        var source = server.ConnectionString(await server.CreateDatabaseAsync(new DatabaseOptions { Name = "shop" }));
        var target = server.ConnectionString(await server.CreateDatabaseAsync(new DatabaseOptions { Name = "shop_restored" }));
        await Report.StepAsync($"Filling it with an application of {megabytes} MB", async () =>
        {
            await ApplicationSchema.CreateAsync(source);
            await ApplicationData.FillAsync(source, megabytes);
            await TransferLedger.CreateAsync(source, Accounts);
        });

        // 1. Back up, while other connections go on moving money.
        var sink = new DirectorySink(folder);
        var backup = await BackUpAsync(source, sink);

        // 2. Verify: every byte of the backup is read and compared with what the manifest says.
        var verified = await Report.StepAsync("Verifying", () => new BackupVerifier(sink).VerifyAsync(backup.Id));

        // 3. Restore into an empty database.
        var restore = new RestorePipelineBuilder().UseSink(sink).UsePostgres(target).Build();
        var restored = await Report.StepAsync(
            "Restoring into another database", () => restore.RunAsync(new RestoreRequest { Backup = backup.Id }));

        // 4. Compare.
        var comparison = await Report.StepAsync(
            "Comparing the two databases", () => Comparison.MakeAsync(source, target, server.Major));

        Report.Write(backup, verified, restored, comparison, folder);
        return verified.IsIntact && restored.Outcome == RestoreOutcome.Complete && comparison.IsEqual;
    }

    private static async Task<BackupResult> BackUpAsync(string source, DirectorySink sink)
    {
        var pipeline = new BackupPipelineBuilder().UsePostgres(source).UseSink(sink).Build();

        await using var writers = TransferLedger.StartWriters(source, Writers);
        await writers.ReachAsync(TransfersBefore);
        var before = writers.Transfers;
        var backup = await Report.StepAsync(
            $"Backing up while {Writers} connections write", () => pipeline.RunAsync(new BackupRequest()));
        Report.Note($"  {await writers.StopAsync() - before:N0} transfers were committed meanwhile");
        return backup;
    }
}

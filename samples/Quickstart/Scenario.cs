using Backup.Core.ObjectStores.SupabaseStorage;
using Backup.Core.Pipeline;
using Backup.Core.Restore;
using Backup.Core.Sinks;
using Backup.Core.Verification;
using Backup.TestKit.Databases;
using Backup.TestKit.PostgreSql;
using Backup.TestKit.Storage;

namespace Quickstart;

/// <summary>The whole life of a backup: made while the application writes rows and files, verified, restored elsewhere and compared.</summary>
internal static class Scenario
{
    private const int Accounts = 2000;
    private const int Writers = 2;
    private const int TransfersBefore = 1000;
    private const int Documents = 2000;
    private const int DocumentsBefore = 20;

    /// <summary>The clerks who store files while the backup is made.</summary>
    internal const int Clerks = 2;

    /// <returns>Whether what was restored equals what was there.</returns>
    public static async Task<bool> RunAsync(QuickstartOptions options)
    {
        var folder = options.Folder ?? Path.Combine(Path.GetTempPath(), $"quickstart-{Guid.NewGuid():N}");
        try
        {
            await using var server = await Report.StepAsync("Starting a private PostgreSQL", () => PostgresServer.StartAsync());
            await using var source = await SupabaseProject.CreateAsync(server, "shop");
            await using var target = await SupabaseProject.CreateAsync(server, "shop_restored");
            await using var past = await SupabaseProject.CreateAsync(server, "shop_on_wednesday");
            return await RunAsync(source, target, past, server.Major, folder, options.Megabytes);
        }
        finally
        {
            if (options.Folder is null && Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static async Task<bool> RunAsync(
        SupabaseProject source, SupabaseProject target, SupabaseProject past, int serverMajor, string folder, int megabytes)
    {
        await Report.StepAsync($"Filling it with an application of {megabytes} MB and {Documents} files", async () =>
        {
            await ApplicationSchema.CreateAsync(source.Database);
            await ApplicationData.FillAsync(source.Database, megabytes);
            await TransferLedger.CreateAsync(source.Database, Accounts);
            await DocumentRegister.CreateAsync(source.Database, source.Storage, Documents);
        });

        // 1. Back up, while other connections go on moving money and storing files.
        var sink = new DirectorySink(folder);
        var backup = await BackUpAsync(source, sink);

        // 2. Verify: every byte of the backup is read and compared with what the manifest says.
        var verified = await Report.StepAsync("Verifying", () => new BackupVerifier(sink).VerifyAsync(backup.Id));

        // 3. Restore into an empty project.
        using var store = new SupabaseStorageStore(target.StorageOptions);
        var restore = new RestorePipelineBuilder().UseSink(sink).UsePostgres(target.Database).UseObjectStore(store).Build();
        var restored = await Report.StepAsync(
            "Restoring into another project", () => restore.RunAsync(new RestoreRequest { Backup = backup.Id }));

        // 4. Compare.
        var comparison = await Report.StepAsync(
            "Comparing the two projects", () => Comparison.MakeAsync(source, target, serverMajor));

        // 5. Go on for a few days, and bring one of them back.
        var week = await new Week(source, past, sink).RunAsync();

        Report.Write(backup, verified, restored, comparison, week, folder);
        return backup.Outcome == BackupOutcome.Complete && verified.IsIntact && restored.Outcome == RestoreOutcome.Complete
            && comparison.IsEqual && week.Differences.Count == 0;
    }

    private static async Task<BackupResult> BackUpAsync(SupabaseProject source, DirectorySink sink)
    {
        using var store = new SupabaseStorageStore(source.StorageOptions);
        var pipeline = new BackupPipelineBuilder().UsePostgres(source.Database).UseObjectStore(store).UseSink(sink).Build();

        await using var writers = TransferLedger.StartWriters(source.Database, Writers);
        await using var clerks = DocumentRegister.StartClerks(source.Database, source.Storage, Clerks);
        await writers.ReachAsync(TransfersBefore);
        await clerks.ReachAsync(DocumentsBefore);
        var (transfers, documents) = (writers.Transfers, clerks.Documents);
        var backup = await Report.StepAsync(
            $"Backing up while {Writers} connections and {Clerks} clerks write", () => pipeline.RunAsync(new BackupRequest()));
        transfers = await writers.StopAsync() - transfers;
        documents = await clerks.StopAsync() - documents;
        Report.Note($"  {transfers:N0} transfers were committed and {documents:N0} files stored meanwhile");
        return backup;
    }
}

using Backup.Core.Archives.Manifest;
using Backup.Core.Catalog.Retention;
using Backup.Core.Merging;
using Backup.Core.ObjectStores.SupabaseStorage;
using Backup.Core.Pipeline;
using Backup.Core.Restore;
using Backup.Core.Sinks;
using Backup.TestKit.Databases;
using Backup.TestKit.Storage;

namespace Quickstart;

/// <summary>
/// The days after the full backup of a Sunday: what changes is backed up each evening; one backup is merged into a full one, what nobody
/// needs any more is removed, and the state of Wednesday is brought back.
/// </summary>
internal sealed class Week(SupabaseProject source, SupabaseProject target, DirectorySink sink)
{
    private const int Transfers = 200;
    private const int Documents = 20;

    // Each day's files have names of their own.
    private const int NumbersOfADay = 1_000_000;

    private int _day;

    public async Task<WeekOutcome> RunAsync()
    {
        using var store = new SupabaseStorageStore(source.StorageOptions);
        var pipeline = new BackupPipelineBuilder().UsePostgres(source.Database).UseObjectStore(store).UseSink(sink).Build();

        // 1. Every evening only what has changed is stored; the rest is referenced where older backups have it.
        BackupResult backup = null!;
        foreach (var day in new[] { "Monday", "Tuesday", "Wednesday" })
        {
            backup = await WorkAndBackUpAsync(pipeline, day);
        }

        var wednesday = await ProjectState.ReadAsync(source);

        // 2. Merge: a full backup of Wednesday, made by copying what is packed already. The next one builds on it.
        var merged = await Report.StepAsync("Merging Wednesday into a full backup", () => new BackupMerger(sink).MergeAsync(backup.Id));
        Report.Note($"  {merged.Entries:N0} entries copied as they were packed; it needs no other backup");

        // 3. Preview: what the next one would store, without storing it.
        await WorkAsync();
        var preview = await Report.StepAsync("Asking what Thursday would store", () => pipeline.PreviewAsync(new BackupRequest()));
        Report.Write(preview.Changes);
        await BackUpAsync(pipeline, "Thursday");

        // 4. Prune: nothing goes that a kept backup references.
        var policy = new RetentionPolicy { KeepLast = 2, MinimumAge = TimeSpan.Zero };
        var pruned = await Report.StepAsync("Keeping the last two", () => new BackupPruner(sink).RunAsync(policy));
        Report.Write(pruned);

        // 5. Wednesday again.
        using var files = new SupabaseStorageStore(target.StorageOptions);
        var restore = new RestorePipelineBuilder().UseSink(sink).UsePostgres(target.Database).UseObjectStore(files).Build();
        await Report.StepAsync("Restoring Wednesday", () => restore.RunAsync(new RestoreRequest { Backup = merged.Backup }));
        var restored = await Report.StepAsync("Comparing it with Wednesday", () => ProjectState.ReadAsync(target));
        return new WeekOutcome(wednesday.DifferencesTo(restored), [.. pruned.Plan.Kept.Select(kept => kept.Id)]);
    }

    private async Task<BackupResult> WorkAndBackUpAsync(IBackupPipeline pipeline, string day)
    {
        await WorkAsync();
        return await BackUpAsync(pipeline, day);
    }

    private static async Task<BackupResult> BackUpAsync(IBackupPipeline pipeline, string day)
    {
        var result = await Report.StepAsync($"Backing up on {day}", () => pipeline.RunAsync(new BackupRequest { Incremental = true }));
        if (result.Kind != BackupKind.Incremental)
        {
            throw new InvalidOperationException($"{day} became a full backup: {result.KindReason}");
        }

        Report.Write(result.Changes!);
        return result;
    }

    // Money moves, files come, one file is replaced by another of its name.
    private async Task WorkAsync()
    {
        await using (var writers = TransferLedger.StartWriters(source.Database, 1))
        await using (var clerks = DocumentRegister.StartClerks(
            source.Database, source.Storage, Scenario.Clerks, DocumentClerks.FirstNumber + (++_day * NumbersOfADay)))
        {
            await writers.ReachAsync(Transfers);
            await clerks.ReachAsync(Documents);
        }

        var letter = source.Storage.State.Objects(DocumentRegister.LettersBucket)[0];
        await source.Storage.State.PutAsync(letter.BucketId, letter.Name, $"Written anew on day {_day}");
    }
}

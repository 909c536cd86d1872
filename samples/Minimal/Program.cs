using Backup.Core.Pipeline;
using Backup.Core.Restore;
using Backup.Core.Sinks;
using Backup.Core.Verification;

var sink = new DirectorySink("/var/backups/shop");

var backup = new BackupPipelineBuilder()
    .UsePostgres(Environment.GetEnvironmentVariable("BACKUP_DATABASE")!)
    .UseSupabaseStorage(new() { Url = new("https://ref.supabase.co"), Key = Environment.GetEnvironmentVariable("BACKUP_STORAGE_KEY") })
    .UseSink(sink)
    .Build();
var result = await backup.RunAsync(new BackupRequest());

var report = await new BackupVerifier(sink).VerifyAsync(result.Id);

var restore = new RestorePipelineBuilder()
    .UseSink(sink)
    .UsePostgres("Host=localhost;Database=shop_copy;Username=postgres")
    .Build();
var restored = await restore.RunAsync(new RestoreRequest { Backup = result.Id });

return report.IsIntact && restored.Outcome == RestoreOutcome.Complete ? 0 : 1;

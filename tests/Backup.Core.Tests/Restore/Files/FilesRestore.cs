using Backup.Core.ObjectStores;
using Backup.Core.Restore;
using Backup.Core.Sinks;

namespace Backup.Core.Tests.Restore.Files;

/// <summary>Restores stored objects without a database.</summary>
internal static class FilesRestore
{
    public static Task<RestoreResult> RunAsync(
        IBackupSink sink,
        IObjectStore store,
        RestoreRequest? request = null,
        Action<RestoreOptions>? configure = null,
        IProgress<RestoreProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        new RestorePipelineBuilder().UseSink(sink).UseObjectStore(store)
            .ConfigureOptions(options =>
            {
                options.ProgressInterval = TimeSpan.Zero;
                configure?.Invoke(options);
            })
            .Build()
            .RunAsync(request ?? new RestoreRequest(), progress, cancellationToken);
}

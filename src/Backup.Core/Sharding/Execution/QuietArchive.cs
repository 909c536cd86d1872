using Backup.Core.Archives;
using Backup.Core.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Backup.Core.Sharding.Execution;

/// <summary>Disposes an archive in such a way that it does not hide what went wrong before: its coordinator deletes what may stay.</summary>
internal sealed class QuietArchive(ArchiveWriter archive, ILogger logger) : IAsyncDisposable
{
    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await archive.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            logger.CleanUpFailed("archive", exception);
        }
    }
}

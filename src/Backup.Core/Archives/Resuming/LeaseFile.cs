using System.Text.Json;
using Backup.Core.Errors;
using Backup.Core.Sinks;

namespace Backup.Core.Archives.Resuming;

/// <summary>Writes and reads <c>lease-NNNN.json</c>. docs/format.md specifies it.</summary>
internal static class LeaseFile
{
    /// <summary>The largest lease, in bytes.</summary>
    public const int MaxBytes = 4096;

    /// <summary>How many backups a lease has room for as what its run needs: more than the longest chain has.</summary>
    public const int MaxNeeds = 120;

    /// <summary>Writes a lease, unless there is one of its number.</summary>
    /// <param name="sink">Where the backup lies.</param>
    /// <param name="id">The backup.</param>
    /// <param name="number">The lease's number.</param>
    /// <param name="content">What it says.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="SinkException">There is one (<see cref="SinkException.IsAlreadyExists"/>), or the sink refuses.</exception>
    public static async ValueTask WriteAsync(
        IBackupSink sink, BackupId id, int number, LeaseContent content, CancellationToken cancellationToken)
    {
        var writer = await sink.CreateAsync(ArchiveNames.InSink(id, ArchiveNames.Lease(number)), cancellationToken).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            await writer.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(content, CheckpointJson.Default.LeaseContent), cancellationToken)
                .ConfigureAwait(false);
            await writer.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Finds the highest number of a lease.</summary>
    /// <param name="sink">Where the backup lies.</param>
    /// <param name="id">The backup.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The number; 0 where there is none.</returns>
    public static async ValueTask<int> FindNumberAsync(IBackupSink sink, BackupId id, CancellationToken cancellationToken)
    {
        var files = await RunFiles.ListAsync(sink, id, ArchiveNames.LeasePrefix, cancellationToken).ConfigureAwait(false);
        return files.Keys.Max(ArchiveNames.LeaseNumber) ?? 0;
    }

    /// <summary>Reads the lease in force.</summary>
    /// <param name="sink">Where the backup lies.</param>
    /// <param name="id">The backup.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Its number, 0 where there is none; what it says, <see langword="null"/> where it is none or is gone meanwhile.</returns>
    public static async ValueTask<(int Number, LeaseContent? Content)> FindAsync(
        IBackupSink sink, BackupId id, CancellationToken cancellationToken)
    {
        var files = await RunFiles.ListAsync(sink, id, ArchiveNames.LeasePrefix, cancellationToken).ConfigureAwait(false);
        if (files.Keys.Max(ArchiveNames.LeaseNumber) is not { } number)
        {
            return (0, null);
        }

        var name = ArchiveNames.Lease(number);
        return (number, await ReadAsync(sink, ArchiveNames.InSink(id, name), files[name], cancellationToken).ConfigureAwait(false));
    }

    private static async ValueTask<LeaseContent?> ReadAsync(
        IBackupSink sink, string name, long bytes, CancellationToken cancellationToken)
    {
        if (bytes > MaxBytes)
        {
            return null;
        }

        try
        {
            var file = await WholeFile.ReadAsync(sink, name, bytes, cancellationToken).ConfigureAwait(false);
            return JsonSerializer.Deserialize(file, CheckpointJson.Default.LeaseContent);
        }
        catch (Exception exception) when (exception is JsonException or ArchiveFormatException or SinkException { IsNotFound: true })
        {
            // Nobody who is alive left it so.
            return null;
        }
    }
}

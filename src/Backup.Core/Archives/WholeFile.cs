using Backup.Core.Sinks;

namespace Backup.Core.Archives;

/// <summary>Reads the small files of a backup at once.</summary>
internal static class WholeFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="sink">Where it lies.</param>
    /// <param name="name">Its name in the sink.</param>
    /// <param name="bytes">Its size, which the caller has found to be within bounds.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="Errors.ArchiveFormatException">It is shorter.</exception>
    public static async ValueTask<byte[]> ReadAsync(IBackupSink sink, string name, long bytes, CancellationToken cancellationToken)
    {
        var file = new byte[bytes];
        var stream = await sink.OpenReadAsync(name, 0, null, cancellationToken).ConfigureAwait(false);
        var input = new SinkInput(stream, name, bytes);
        await using (input.ConfigureAwait(false))
        {
            await input.FillAsync(file, "the file", cancellationToken).ConfigureAwait(false);
        }

        return file;
    }
}

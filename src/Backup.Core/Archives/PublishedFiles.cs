using Backup.Core.Archives.Resuming;
using Backup.Core.Errors;
using Backup.Core.Sinks;

namespace Backup.Core.Archives;

/// <summary>The files that a run has made visible, or has tried to, so that an abort can take them back.</summary>
/// <remarks>Used by one caller at a time.</remarks>
internal sealed class PublishedFiles(IBackupSink sink, BackupId id, RunLease? lease = null)
{
    private readonly Stack<string> _files = new();

    /// <summary>Writes and publishes a file.</summary>
    /// <param name="file">The file's name inside the backup's folder.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ResumeException">The run is not this process's any more.</exception>
    public async ValueTask WriteAsync(string file, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var output = await SinkOutput.CreateAsync(sink, ArchiveNames.InSink(id, file), cancellationToken).ConfigureAwait(false);
        await using (output.ConfigureAwait(false))
        {
            await output.WriteAsync(content, cancellationToken).ConfigureAwait(false);
            await CommitAsync(file, output, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes and publishes a file.</summary>
    /// <param name="file">The file's name inside the backup's folder.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The SHA-256 of the file, as 64 lower-case hex digits.</returns>
    /// <exception cref="ResumeException">The run is not this process's any more.</exception>
    public async ValueTask<string> WriteAsync(string file, ChunkedBuffer content, CancellationToken cancellationToken)
    {
        var output = await SinkOutput.CreateAsync(sink, ArchiveNames.InSink(id, file), cancellationToken).ConfigureAwait(false);
        await using (output.ConfigureAwait(false))
        {
            await content.CopyToAsync(output, cancellationToken).ConfigureAwait(false);
            return await CommitAsync(file, output, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Publishes a file. It counts as published from before the attempt, because whether a failed one became visible is not
    /// known; except where the sink says that the name is taken: then the file of that name is another run's, and stays.
    /// </summary>
    /// <param name="file">The file's name inside the backup's folder.</param>
    /// <param name="output">The file.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The SHA-256 of the file, as 64 lower-case hex digits.</returns>
    /// <exception cref="ResumeException">The run is not this process's any more.</exception>
    public async ValueTask<string> CommitAsync(string file, SinkOutput output, CancellationToken cancellationToken)
    {
        lease?.ThrowIfLost();
        _files.Push(file);
        try
        {
            return await output.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (SinkException exception) when (exception.IsAlreadyExists)
        {
            _files.Pop();
            throw;
        }
    }

    /// <summary>Takes over files that another writer of the same backup has published.</summary>
    /// <param name="files">The files' names inside the backup's folder.</param>
    public void Add(IEnumerable<string> files)
    {
        foreach (var file in files)
        {
            _files.Push(file);
        }
    }

    /// <summary>Lets the files that are published by now stay, whatever becomes of the run.</summary>
    public void Keep() => _files.Clear();

    /// <summary>
    /// Deletes the files, last first and so the manifest before all others. Never throws, so that a clean-up cannot hide why it is
    /// needed; and stops at the first file that cannot be deleted, so that no manifest is left without its volumes.
    /// </summary>
    /// <returns>The files that may have stayed and why; <see langword="null"/> when none has.</returns>
    public async ValueTask<LeftFiles?> DeleteAsync()
    {
        try
        {
            // Whoever has taken the run up deletes what no checkpoint names, and may have published files of these names.
            lease?.ThrowIfLost();
            while (_files.TryPeek(out var file))
            {
                await sink.DeleteAsync(ArchiveNames.InSink(id, file), CancellationToken.None).ConfigureAwait(false);
                _files.Pop();
            }
        }
        catch (Exception exception)
        {
            // What stays has no manifest unless deleting that failed first, in which case the backup is whole.
            return new LeftFiles([.. _files], exception);
        }

        return null;
    }
}

using Backup.Core.Errors;
using Microsoft.Extensions.Options;

namespace Backup.Core.Pipeline;

/// <summary>Backs up one database, as of one instant, into one sink. Built by <see cref="BackupPipelineBuilder"/> or <c>services.AddBackup</c>.</summary>
/// <remarks>A pipeline keeps no state between runs; several runs may go on at once, each with its own memory budget.</remarks>
public interface IBackupPipeline
{
    /// <summary>
    /// Takes one backup, or goes on with one. When the task succeeds the backup is committed in the sink, or suspended by its time
    /// budget; when it fails nothing of it stays there, but for what a resumable run has made durable.
    /// </summary>
    /// <param name="request">What to back up.</param>
    /// <param name="progress">Told of progress a few times a second, from a thread of the library, never from two at once.
    /// An exception that it throws is logged and ends the reports, not the run.</param>
    /// <param name="cancellationToken">Cancels the run. What it wrote so far is removed before the task ends, but for what a resumable run
    /// has made durable.</param>
    /// <returns>What was backed up, and what was not when the request let the run go on past failures.</returns>
    /// <exception cref="DatabaseException">The server cannot be reached, or refuses to give a table or the schema.</exception>
    /// <exception cref="ArgumentException">The request contradicts itself, or a value of it is out of its range.</exception>
    /// <exception cref="ResumeException">The run cannot be resumed: there is none, another process has it, or the request differs; or
    /// nothing at all could be stored within the time budget (<see cref="BackupException.Category"/> is <see cref="ErrorCategory.TimeOut"/>).</exception>
    /// <exception cref="ParentException">The backup that <see cref="BackupRequest.Parent"/> names cannot serve.</exception>
    /// <exception cref="BackupNotFoundException">There is no backup as <see cref="BackupRequest.Parent"/> names it.</exception>
    /// <exception cref="SinkException">The sink cannot be written.</exception>
    /// <exception cref="OptionsValidationException">The settings are invalid; every one that is wrong is named.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<BackupResult> RunAsync(
        BackupRequest request, IProgress<BackupProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Finds out what an incremental backup would store, reuse and drop: reads and compares rows, lists objects, and neither downloads an object
    /// nor writes anything into the sink.
    /// </summary>
    /// <param name="request">What to back up, as for <see cref="RunAsync"/>; <see cref="BackupRequest.Incremental"/> goes without saying.</param>
    /// <param name="progress">As for <see cref="RunAsync"/>.</param>
    /// <param name="cancellationToken">Cancels the preview.</param>
    /// <returns>What it would do.</returns>
    /// <exception cref="DatabaseException">The server cannot be reached, or refuses to give a table.</exception>
    /// <exception cref="ArgumentException">The request contradicts itself, or is one of a run that can be resumed, which a preview cannot be.</exception>
    /// <exception cref="ParentException">The backup that <see cref="BackupRequest.Parent"/> names cannot serve.</exception>
    /// <exception cref="BackupNotFoundException">There is no such backup.</exception>
    /// <exception cref="SinkException">The sink cannot be read.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<BackupPreview> PreviewAsync(
        BackupRequest request, IProgress<BackupProgress>? progress = null, CancellationToken cancellationToken = default);
}

using Backup.Core.Errors;

namespace Backup.Core.Restore;

/// <summary>Brings a backup, or a part of it, back into a database, an object store or both.</summary>
/// <remarks>
/// <para>Made by <see cref="RestorePipelineBuilder"/>. May be used for several runs, one after another or at once, as long as
/// they do not restore the same objects.</para>
/// <para>What a run leaves when something fails:</para>
/// <list type="bullet">
/// <item>The removal that <see cref="RestoreRequest.Clean"/> asks for and everything that rows need (types, tables, functions)
/// are one transaction: when it fails, the target is as it was, but for buckets that were created.</item>
/// <item>Each table's rows are all there or the table is empty: a table that failed is emptied and named in
/// <see cref="RestoreResult.Failures"/>, the others are complete.</item>
/// <item>A stored object is all there, with the bytes of the backup, or it is named in the failures and what the bucket held
/// under its name stays. Nothing is removed from a store.</item>
/// <item>An index, constraint, trigger or the like that cannot be made is named in the failures together with what needs it;
/// the others are made.</item>
/// </list>
/// </remarks>
public interface IRestorePipeline
{
    /// <summary>Runs one restore.</summary>
    /// <param name="request">What to restore and how.</param>
    /// <param name="progress">Told of the run's advance, at most once per <see cref="RestoreOptions.ProgressInterval"/> and at
    /// each change of phase, one call at a time; <see langword="null"/> for nothing.</param>
    /// <param name="cancellationToken">Stops the run promptly: rows in flight are not committed, and tables that were not
    /// finished are emptied.</param>
    /// <returns>What was restored and what failed. For a dry run, the plan.</returns>
    /// <exception cref="ArgumentException">The request asks for what the pipeline has no target for.</exception>
    /// <exception cref="BackupNotFoundException">The sink holds no such backup, or not one that it references.</exception>
    /// <exception cref="ArchiveFormatException">The backup is damaged where the restore cannot do without.</exception>
    /// <exception cref="UnsupportedFormatVersionException">A newer major version of the library wrote the backup.</exception>
    /// <exception cref="RestoreException">The target already holds objects of the backup, lacks a role or does not take a
    /// statement that the rest depends on. The target is unchanged.</exception>
    /// <exception cref="DatabaseException">The target cannot be reached or the connection was lost.</exception>
    /// <exception cref="ObjectStoreException">The object store cannot be reached, or its key lacks a right. Nothing was changed,
    /// but for buckets that were created.</exception>
    /// <exception cref="SinkException">The sink cannot be read.</exception>
    Task<RestoreResult> RunAsync(
        RestoreRequest request, IProgress<RestoreProgress>? progress = null, CancellationToken cancellationToken = default);
}

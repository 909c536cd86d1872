using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Referencing;

namespace Backup.Core.Pipeline.Incremental;

/// <summary>A table as the parent of an incremental run holds it. For any number of threads.</summary>
/// <param name="index">The parent's entries.</param>
/// <param name="record">What the parent's manifest says of the table.</param>
internal sealed class ParentTable(ParentIndex index, TableRecord record)
{
    /// <summary>What the parent's manifest says of the table.</summary>
    public TableRecord Record { get; } = record;

    /// <summary>Looks a page up.</summary>
    /// <param name="number">Its number, from 1.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <returns>The page; <see langword="null"/> when the parent has none of that number.</returns>
    /// <exception cref="Errors.BackupException">The parent's index cannot be read.</exception>
    public ValueTask<ParentEntry?> FindPageAsync(int number, CancellationToken cancellationToken) =>
        number <= Record.Pages ? index.FindPageAsync(Record, number, cancellationToken) : ValueTask.FromResult<ParentEntry?>(null);
}

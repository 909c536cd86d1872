using Backup.Core.Archives;
using Backup.Core.Archives.Referencing;

namespace Backup.Core.Pipeline.Stages.Rows;

/// <summary>A page, or a piece of a relation that is read whole, of which the parent of the run has the same bytes.</summary>
/// <param name="table">Its table.</param>
/// <param name="number">Its number, from 1.</param>
/// <param name="rows">How many rows are counted with it.</param>
/// <param name="same">The parent's entry.</param>
/// <param name="progress">Told when it is stored.</param>
internal sealed class PageReference(TableRun table, int number, long rows, ParentEntry same, RunProgress progress)
    : ReferenceItem(same.ToReference(EntryPaths.Page(table.Folder, number), table.IndexName, stored: null))
{
    /// <inheritdoc/>
    public override void OnStored()
    {
        table.AddStored(number, rows, Entry.RawBytes, isReused: true);
        progress.CompletePage(table);
    }
}

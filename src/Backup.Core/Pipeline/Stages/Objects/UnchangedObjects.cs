using Backup.Core.Archives;
using Backup.Core.Archives.Indexing;
using Backup.Core.Archives.Referencing;
using Backup.Core.ObjectStores;

namespace Backup.Core.Pipeline.Stages.Objects;

/// <summary>Finds what need not be downloaded, because the parent holds it as it is still.</summary>
/// <param name="parent">The parent.</param>
/// <param name="listsEverything">
/// Whether the listing carries all that is to be known of an object; otherwise the parent adds what it lacks, which cannot have changed
/// without the object's time.
/// </param>
internal sealed class UnchangedObjects(ParentIndex parent, bool listsEverything)
{
    /// <summary>Looks for an object.</summary>
    /// <param name="item">The object as it was listed.</param>
    /// <param name="path">Its path in the archive.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <returns>The reference to be written; <see langword="null"/> when the object is to be downloaded.</returns>
    public async ValueTask<IndexEntry?> FindAsync(StoredObject item, string path, CancellationToken cancellationToken)
    {
        if (await parent.FindObjectAsync(item, cancellationToken).ConfigureAwait(false) is not { } held)
        {
            return null;
        }

        var known = listsEverything ? item : held.Properties?.Complete(item);
        if (known is null)
        {
            return null;
        }

        // What has no line in the index goes the way of all others, which says so.
        var reference = held.ToReference(path, null, known);
        return IndexLineSize.Fits(reference) ? reference : null;
    }
}

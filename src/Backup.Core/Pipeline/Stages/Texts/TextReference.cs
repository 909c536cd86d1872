using Backup.Core.Archives;

namespace Backup.Core.Pipeline.Stages.Texts;

/// <summary>A text that the parent holds as it is still, on its way into the references.</summary>
internal sealed class TextReference(IndexEntry entry) : ReferenceItem(entry)
{
    /// <inheritdoc/>
    public override void OnStored()
    {
        // Nobody counts texts.
    }
}

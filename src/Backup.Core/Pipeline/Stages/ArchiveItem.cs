namespace Backup.Core.Pipeline.Stages;

/// <summary>What the archive stage takes, one after another: an entry with its bytes, or a reference to one.</summary>
internal abstract class ArchiveItem : IDisposable
{
    /// <summary>Told by the archive stage that it is in the archive. Not told when the run stops before.</summary>
    public abstract void OnStored();

    /// <summary>Gives back what it holds. Whoever has it last calls it.</summary>
    public abstract void Dispose();
}

namespace Backup.Core.Catalog;

/// <summary>What can become of a run that has not finished.</summary>
public enum UnfinishedRunState
{
    /// <summary>A process is writing it, or may be: nobody else touches it.</summary>
    Running,

    /// <summary>It ended before its end and can be taken up again.</summary>
    Suspended,

    /// <summary>Its process died, and left nothing to go on from.</summary>
    Abandoned,
}

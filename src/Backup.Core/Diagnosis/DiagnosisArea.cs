namespace Backup.Core.Diagnosis;

/// <summary>What a check is about.</summary>
public enum DiagnosisArea
{
    /// <summary>The machine, container or function that the process runs in.</summary>
    Host,

    /// <summary>The PostgreSQL database.</summary>
    Database,

    /// <summary>The object store.</summary>
    Storage,

    /// <summary>The place where backups are kept.</summary>
    Target,
}

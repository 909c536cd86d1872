using System.Text.Json.Serialization;

namespace Backup.Core.Archives.Manifest;

/// <summary>How a backup came to hold what it holds.</summary>
public enum BackupKind
{
    /// <summary>Everything was read from the source and stored.</summary>
    [JsonStringEnumMemberName("full")]
    Full,

    /// <summary>What had not changed since its parent is referenced where older backups hold it.</summary>
    [JsonStringEnumMemberName("incremental")]
    Incremental,

    /// <summary>It was put together from an incremental backup and those that it references; it holds everything itself.</summary>
    [JsonStringEnumMemberName("merged")]
    Merged,
}

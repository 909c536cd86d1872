using System.Text.Json.Serialization;

namespace Backup.Core.Archives.Manifest;

/// <summary>What kind of item could not be backed up.</summary>
public enum FailureKind
{
    /// <summary>A table.</summary>
    [JsonStringEnumMemberName("table")]
    Table,

    /// <summary>An object of a bucket; its subject is <c>bucket/name</c>.</summary>
    [JsonStringEnumMemberName("object")]
    StoredObject,
}

using System.Text.Json.Serialization;

namespace Backup.Core.ObjectStores;

/// <summary>How the objects of a backup were listed.</summary>
public enum ObjectListingMethod
{
    /// <summary>From <c>storage.objects</c> in the snapshot of the database: of the same instant as the rows.</summary>
    [JsonStringEnumMemberName("database")]
    Database,

    /// <summary>By the store itself, while objects may have come and gone.</summary>
    [JsonStringEnumMemberName("store")]
    Store,
}

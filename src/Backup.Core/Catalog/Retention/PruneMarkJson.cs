using System.Text.Json.Serialization;

namespace Backup.Core.Catalog.Retention;

/// <summary>How the marks of backups that are to be removed become JSON, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PruneMark))]
internal sealed partial class PruneMarkJson : JsonSerializerContext;

using System.Text.Json.Serialization;
using Backup.Core.Archives.Manifest;

namespace Backup.Core.Archives.Resuming;

/// <summary>How checkpoints and leases become JSON, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    MaxDepth = 16,
    Converters = [typeof(BackupIdConverter)])]
[JsonSerializable(typeof(Checkpoint))]
[JsonSerializable(typeof(LeaseContent))]
internal sealed partial class CheckpointJson : JsonSerializerContext;

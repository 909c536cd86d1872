using System.Text.Json.Serialization;
using Backup.Core.Archives.Manifest;
using Backup.Core.Sharding.Planning;

namespace Backup.Core.Sharding.Processes;

/// <summary>How plans, orders and results become JSON, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    IgnoreReadOnlyProperties = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    MaxDepth = 16,
    UseStringEnumConverter = true,
    Converters = [typeof(BackupIdConverter)])]
[JsonSerializable(typeof(WorkerMessage))]
[JsonSerializable(typeof(ShardPlan))]
internal sealed partial class WorkerJson : JsonSerializerContext;

using System.Text.Json.Serialization;

namespace Backup.Core.Peers.Results;

/// <summary>How results are written.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ComparisonResult))]
internal sealed partial class ResultsJson : JsonSerializerContext;

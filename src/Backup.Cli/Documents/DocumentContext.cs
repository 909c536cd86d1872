using System.Text.Json.Serialization;

namespace Backup.Cli.Documents;

/// <summary>How documents are written: camel case, indented, what is unknown left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CreateDocument))]
[JsonSerializable(typeof(PreviewDocument))]
[JsonSerializable(typeof(ListDocument))]
[JsonSerializable(typeof(ShowDocument))]
[JsonSerializable(typeof(ShowUnfinishedDocument))]
[JsonSerializable(typeof(CleanDocument))]
[JsonSerializable(typeof(PruneDocument))]
[JsonSerializable(typeof(VerifyDocument))]
[JsonSerializable(typeof(MergeDocument))]
[JsonSerializable(typeof(RestoreDocument))]
[JsonSerializable(typeof(DiagnoseDocument))]
[JsonSerializable(typeof(ErrorDocument))]
internal sealed partial class DocumentContext : JsonSerializerContext;

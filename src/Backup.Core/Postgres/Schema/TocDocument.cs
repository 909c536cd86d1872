using System.Text.Json;
using System.Text.Json.Serialization;

namespace Backup.Core.Postgres.Schema;

/// <summary>The shape of <c>database/toc.json</c>; docs/format.md specifies it.</summary>
internal sealed record TocDocument
{
    /// <summary>The version that this library writes; a reader refuses a newer one.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The version of the file.</summary>
    public required int Version { get; init; }

    /// <summary>The entries by ascending id.</summary>
    public required IReadOnlyList<TocEntry> Entries { get; init; }

    /// <summary>What the source holds beyond the entries; <see langword="null"/> where that is nothing.</summary>
    public IReadOnlyList<UnsupportedObject>? Unsupported { get; init; }
}

/// <summary>Serialises the table of contents without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    WriteIndented = true,
    Converters = [typeof(TocSectionConverter)])]
[JsonSerializable(typeof(TocDocument))]
internal sealed partial class TocJsonContext : JsonSerializerContext;

/// <summary>Writes sections as pg_dump names them: <c>pre-data</c>, <c>data</c>, <c>post-data</c>.</summary>
internal sealed class TocSectionConverter()
    : JsonStringEnumConverter<TocSection>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false);

using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Backup.Core.Tests.TestKit.Storage;

/// <summary>Compares a body with a recorded one. Ids, versions and times count as equal.</summary>
internal static partial class RecordedBody
{
    private const string Abbreviation = "json_array";

    /// <summary>What differs, or <see langword="null"/>.</summary>
    public static string? Difference(JsonNode? expected, byte[] actual)
    {
        if (expected is null)
        {
            return actual.Length == 0 ? null : $"{actual.Length} bytes instead of none";
        }

        if (RecordedStep.ReadBytes(expected) is { } bytes)
        {
            return bytes.AsSpan().SequenceEqual(actual) ? null : "other bytes";
        }

        if (expected is JsonObject json && json["sha256"] is { } digest)
        {
            var isEqual = digest.GetValue<string>() == Convert.ToHexStringLower(SHA256.HashData(actual));
            return isEqual ? null : string.Create(CultureInfo.InvariantCulture, $"{actual.Length} other bytes instead of {json["length"]}");
        }

        try
        {
            return Difference(expected, JsonNode.Parse(actual), "body");
        }
        catch (JsonException)
        {
            return "no JSON";
        }
    }

    private static string? Difference(JsonNode? expected, JsonNode? actual, string path) => (expected, actual) switch
    {
        (null, null) => null,
        (JsonObject left, JsonArray right) when left[Abbreviation] is { } list => AbbreviatedDifference(list, right, path),
        (JsonObject left, JsonObject right) => ObjectDifference(left, right, path),
        (JsonArray left, JsonArray right) when left.Count == right.Count => left
            .Select((item, index) => Difference(item, right[index], $"{path}[{index}]"))
            .FirstOrDefault(difference => difference is not null),
        (JsonValue left, JsonValue right) when Normal(left) == Normal(right) => null,
        _ => $"{path}: {Shorten(actual)} instead of {Shorten(expected)}",
    };

    private static string? AbbreviatedDifference(JsonNode expected, JsonArray actual, string path) =>
        actual.Count != expected["length"]!.GetValue<int>()
            ? $"{path}: {actual.Count} rows instead of {expected["length"]}"
            : Difference(expected["first"], actual[0], path + "[0]") ?? Difference(expected["last"], actual[^1], path + "[^1]");

    private static string? ObjectDifference(JsonObject expected, JsonObject actual, string path)
    {
        var names = expected.Select(property => property.Key).Order(StringComparer.Ordinal).ToList();
        var actualNames = actual.Select(property => property.Key).Order(StringComparer.Ordinal).ToList();
        return names.SequenceEqual(actualNames)
            ? names.Select(name => Difference(expected[name], actual[name], $"{path}.{name}")).FirstOrDefault(found => found is not null)
            : $"{path} has {string.Join(' ', actualNames)} instead of {string.Join(' ', names)}";
    }

    private static string Normal(JsonValue value) => Times().Replace(Ids().Replace(value.ToJsonString(), "<id>"), "<time>");

    private static string Shorten(JsonNode? node)
    {
        var text = node?.ToJsonString() ?? "null";
        return text.Length > 200 ? text[..200] + "…" : text;
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Ids();

    [GeneratedRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{3}Z")]
    private static partial Regex Times();
}

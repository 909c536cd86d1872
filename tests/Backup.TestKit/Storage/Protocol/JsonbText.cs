using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Backup.TestKit.Storage.Protocol;

/// <summary>Orders JSON as PostgreSQL's <c>jsonb</c> does: keys by their length in bytes, then by their bytes.</summary>
internal static class JsonbText
{
    /// <summary>The normal form of a text, without white space.</summary>
    public static string Normalize(string json) => Normalize(JsonNode.Parse(json))!.ToJsonString(StorageJson.Options);

    private static JsonNode? Normalize(JsonNode? node) => node switch
    {
        JsonObject json => new JsonObject(json
            .OrderBy(property => Encoding.UTF8.GetByteCount(property.Key))
            .ThenBy(property => property.Key, Backup.Core.ObjectStores.Utf8Order.Instance)
            .Select(property => KeyValuePair.Create(property.Key, Normalize(property.Value)))),
        JsonArray json => new JsonArray([.. json.Select(Normalize)]),
        { } value => value.DeepClone(),
        null => null,
    };

    /// <summary>Whether two texts are the same JSON value, whatever the order of their keys.</summary>
    public static bool AreEqual(string left, string right)
    {
        using var first = JsonDocument.Parse(left);
        using var second = JsonDocument.Parse(right);
        return JsonElement.DeepEquals(first.RootElement, second.RootElement);
    }
}

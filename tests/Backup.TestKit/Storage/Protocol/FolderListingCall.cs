using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Backup.TestKit.Storage.Protocol;

/// <summary><c>POST /object/list/{bucket}</c>: one folder by offset, with all that this listing loses.</summary>
internal sealed class FolderListingCall(StorageState state)
{
    private const int DefaultLimit = 100;
    private const string Descending = "desc";

    private static readonly string[] Columns = ["name", "updated_at", "created_at", "last_accessed_at"];
    private static readonly string[] Orders = ["asc", Descending];

    // Sorting is done once for each state of a bucket.
    private readonly ConditionalWeakTable<ObjectRow[], FoldedRow[]> _folded = [];

    public async Task AnswerAsync(StorageExchange exchange)
    {
        var role = exchange.Authorize();
        var body = await exchange.ReadJsonAsync();
        if (!body.ContainsKey("prefix"))
        {
            throw Refuse("body must have required property 'prefix'");
        }

        var limit = Number(body["limit"]) ?? DefaultLimit;
        var offset = Number(body["offset"]) ?? 0;
        if (limit < 1)
        {
            throw Refuse("body/limit must be >= 1");
        }

        if (offset < 0)
        {
            throw Refuse("body/offset must be >= 0");
        }

        var sortBy = body["sortBy"] as JsonObject ?? [];
        var column = Allowed(sortBy, "column", Columns);
        var order = Allowed(sortBy, "order", Orders);
        var query = new FolderQuery(Folder(body["prefix"]), Text(body["search"]), limit, offset, order == Descending);
        var rows = role == StorageRole.Service ? state.Sorted(exchange.Target.Segment(2)) : [];
        var found = column is null or "name" ? query.ByName(_folded.GetValue(rows, FoldedRow.Fold)) : query.ByTime(rows, TimeOf(column));
        await exchange.SendJsonAsync(new JsonArray([.. found.Select(ToJson)]));
    }

    // Always a folder: a slash is added where it lacks, and a leading one stays.
    private static string Folder(JsonNode? prefix)
    {
        var text = Text(prefix);
        return text.Length == 0 || text.EndsWith('/') ? text : text + "/";
    }

    private static string Text(JsonNode? node) => node is null ? string.Empty : node.ToString();

    private static int? Number(JsonNode? node) => node is null ? null : int.Parse(node.ToString(), CultureInfo.InvariantCulture);

    private static string? Allowed(JsonObject json, string name, string[] values)
    {
        if (!json.TryGetPropertyValue(name, out var node))
        {
            return null;
        }

        var value = node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;
        return values.Contains(value) ? value : throw Refuse($"body/sortBy/{name} must be equal to one of the allowed values");
    }

    private static RefusedException Refuse(string message) => new(StorageError.InvalidRequest(message));

    private static Func<ObjectRow, DateTimeOffset> TimeOf(string column) => column switch
    {
        "created_at" => row => row.CreatedAt,
        "updated_at" => row => row.UpdatedAt,
        _ => row => row.LastAccessedAt,
    };

    private static JsonObject ToJson(FolderItem item) => new()
    {
        ["name"] = item.Name,
        ["id"] = item.Row?.Id.ToString(),
        ["updated_at"] = Time(item.Row?.UpdatedAt),
        ["created_at"] = Time(item.Row?.CreatedAt),
        ["last_accessed_at"] = Time(item.Row?.LastAccessedAt),
        ["metadata"] = item.Row?.Metadata?.ToJson(),
    };

    private static string? Time(DateTimeOffset? time) => time is { } value ? StorageJson.Time(value) : null;
}

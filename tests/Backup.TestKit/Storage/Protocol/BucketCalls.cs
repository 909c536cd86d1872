using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Backup.TestKit.Storage.Protocol;

/// <summary>The calls below <c>/bucket</c>.</summary>
internal sealed class BucketCalls(StorageState state, StorageServerOptions options)
{
    private const string BadLimit =
        "body/file_size_limit must be integer, body/file_size_limit must pass \"finite\" keyword validation, "
        + "body/file_size_limit must match pattern \"^[0-9]+(?:\\.[0-9]+)?(?:[gG][bB]|[mM][bB]|[kK][bB]|[bB])$\", "
        + "body/file_size_limit must match a schema in anyOf";

    private const string EmptyUpdate =
        "body must have required property 'public', body must have required property 'file_size_limit', "
        + "body must have required property 'allowed_mime_types', body must match a schema in anyOf";

    private static readonly string[] SortColumns = ["id", "name", "created_at", "updated_at"];

    public Task ListAsync(StorageExchange exchange)
    {
        var role = exchange.Authorize();
        var target = exchange.Target;
        var limit = target.Query("limit") is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : int.MaxValue;
        var column = target.Query("sortColumn");
        if (limit < 1)
        {
            throw new RefusedException(StorageError.InvalidRequest("querystring/limit must be >= 1"));
        }

        if (column is not null && !SortColumns.Contains(column))
        {
            throw new RefusedException(StorageError.InvalidRequest("querystring/sortColumn must be equal to one of the allowed values"));
        }

        IEnumerable<BucketRow> rows = role == StorageRole.Service ? state.Buckets : [];
        rows = rows.Where(row => row.Name.Contains(target.Query("search") ?? string.Empty, StringComparison.OrdinalIgnoreCase));
        if (column is not null)
        {
            rows = Sort(rows, column, target.Query("sortOrder") == "desc");
        }

        var page = rows.Skip(int.Parse(target.Query("offset") ?? "0", CultureInfo.InvariantCulture)).Take(limit);
        return exchange.SendJsonAsync(new JsonArray([.. page.Select(row => ToJson(row, hasType: true))]));
    }

    public Task GetAsync(StorageExchange exchange) => exchange.SendJsonAsync(ToJson(Find(exchange), hasType: false));

    public async Task CreateAsync(StorageExchange exchange)
    {
        var role = exchange.Authorize();
        var body = await exchange.ReadJsonAsync();
        var name = body["name"]?.GetValue<string>()
            ?? throw new RefusedException(StorageError.InvalidRequest("body must have required property 'name'"));
        if (!StorageNames.IsBucket(name))
        {
            throw new RefusedException(StorageError.InvalidBucketName);
        }

        var row = Apply(body, new BucketRow { Id = body["id"]?.GetValue<string>() ?? name, Name = name });
        if (role != StorageRole.Service)
        {
            throw new RefusedException(StorageError.RowSecurity);
        }

        if (await state.TryCreateBucketAsync(row) is null)
        {
            throw new RefusedException(StorageError.BucketExists);
        }

        await exchange.SendJsonAsync(new JsonObject { ["name"] = name });
    }

    public async Task UpdateAsync(StorageExchange exchange)
    {
        exchange.Authorize();
        var body = await exchange.ReadJsonAsync();
        if (!body.ContainsKey("public") && !body.ContainsKey("file_size_limit") && !body.ContainsKey("allowed_mime_types"))
        {
            throw new RefusedException(StorageError.InvalidRequest(EmptyUpdate));
        }

        await state.UpdateBucketAsync(Apply(body, Find(exchange)));
        await exchange.SendJsonAsync(new JsonObject { ["message"] = "Successfully updated" });
    }

    public async Task EmptyAsync(StorageExchange exchange)
    {
        if (exchange.Authorize() != StorageRole.Service)
        {
            throw new RefusedException(StorageError.InvalidRole);
        }

        var bucket = Find(exchange);
        foreach (var row in state.Objects(bucket.Id))
        {
            await state.DeleteAsync(bucket.Id, row.Name);
        }

        await exchange.SendJsonAsync(
            new JsonObject { ["message"] = "Empty bucket has been queued. Completion may take up to an hour." });
    }

    public async Task DeleteAsync(StorageExchange exchange)
    {
        var bucket = Find(exchange);
        if (state.Objects(bucket.Id).Count > 0)
        {
            throw new RefusedException(StorageError.BucketNotEmpty);
        }

        await state.DeleteBucketAsync(bucket.Id);
        await exchange.SendJsonAsync(new JsonObject { ["message"] = "Successfully deleted" });
    }

    private static IEnumerable<BucketRow> Sort(IEnumerable<BucketRow> rows, string column, bool isDescending)
    {
        var sorted = column switch
        {
            "created_at" => rows.OrderBy(row => row.CreatedAt),
            "updated_at" => rows.OrderBy(row => row.UpdatedAt),
            "id" => rows.OrderBy(row => row.Id, StringComparer.OrdinalIgnoreCase),
            _ => rows.OrderBy(row => row.Name, StringComparer.OrdinalIgnoreCase),
        };
        return isDescending ? sorted.Reverse() : sorted;
    }

    private static JsonObject ToJson(BucketRow row, bool hasType)
    {
        var json = new JsonObject { ["id"] = row.Id, ["name"] = row.Name, ["owner"] = row.OwnerId ?? string.Empty, ["public"] = row.IsPublic };
        if (hasType)
        {
            json["type"] = "STANDARD";
        }

        json["file_size_limit"] = row.FileSizeLimitBytes;
        json["allowed_mime_types"] = row.AllowedMimeTypes is { } types ? new JsonArray([.. types.Select(type => JsonValue.Create(type))]) : null;
        json["created_at"] = StorageJson.Time(row.CreatedAt);
        json["updated_at"] = StorageJson.Time(row.UpdatedAt);
        return json;
    }

    private BucketRow Find(StorageExchange exchange)
    {
        var role = exchange.Authorize();
        var bucket = role == StorageRole.Service ? state.FindBucket(exchange.Target.Segment(1)) : null;
        return bucket ?? throw new RefusedException(StorageError.NoSuchBucket);
    }

    private BucketRow Apply(JsonObject body, BucketRow row)
    {
        if (body["public"] is { } isPublic)
        {
            row = row with { IsPublic = isPublic.GetValue<bool>() };
        }

        if (body.TryGetPropertyValue("file_size_limit", out var limit))
        {
            row = row with { FileSizeLimitBytes = limit is null ? null : ReadLimit(limit) };
        }

        if (body.TryGetPropertyValue("allowed_mime_types", out var types))
        {
            row = row with { AllowedMimeTypes = types is JsonArray list ? [.. list.Select(ReadType)] : null };
        }

        return row;
    }

    private static string ReadType(JsonNode? node)
    {
        var type = node?.GetValue<string>() ?? string.Empty;
        return type.Contains('/', StringComparison.Ordinal) ? type : throw new RefusedException(StorageError.UnsupportedType(type));
    }

    private long ReadLimit(JsonNode node)
    {
        var bytes = node.GetValueKind() == System.Text.Json.JsonValueKind.Number ? node.GetValue<long>() : ReadUnits(node.GetValue<string>());
        return bytes <= options.MaxUploadBytes ? bytes : throw new RefusedException(StorageError.TooLarge);
    }

    private static long ReadUnits(string text)
    {
        var match = Regex.Match(text, "^([0-9]+(?:\\.[0-9]+)?)([gmk]?)b$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
        if (!match.Success)
        {
            throw new RefusedException(StorageError.InvalidRequest(BadLimit));
        }

        var unit = match.Groups[2].Value switch
        {
            "g" or "G" => 1_000_000_000,
            "m" or "M" => 1_000_000,
            "k" or "K" => 1_000,
            _ => 1,
        };
        return (long)(double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) * unit);
    }
}

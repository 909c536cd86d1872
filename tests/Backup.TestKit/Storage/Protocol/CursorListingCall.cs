using System.Text;
using System.Text.Json.Nodes;
using Backup.Core.ObjectStores;
using Microsoft.AspNetCore.Http;

namespace Backup.TestKit.Storage.Protocol;

/// <summary><c>POST /object/list-v2/{bucket}</c>: flat, by name. The orders and forms that no backup should use are not played.</summary>
internal sealed class CursorListingCall(StorageState state, StorageServerOptions options)
{
    private const int MaxRows = 1000;
    private const string NamePart = "l:";
    private const string OrderPart = "o:";
    private const string Ascending = "asc";

    public Task AnswerAsync(StorageExchange exchange) => AnswerAsync(exchange, exchange.AuthorizeUnasked());

    private async Task AnswerAsync(StorageExchange exchange, StorageRole role)
    {
        var pace = Task.Delay(options.ListV2Pace, options.Clock);
        var body = await exchange.ReadJsonAsync();
        var column = body["sortBy"]?["column"]?.GetValue<string>();
        if (column is not (null or "name" or "created_at" or "updated_at"))
        {
            throw new RefusedException(StorageError.InvalidRequest("body/sortBy/column must be equal to one of the allowed values"));
        }

        if (body["with_delimiter"]?.GetValue<bool>() is true || column is not (null or "name"))
        {
            await exchange.SendJsonAsync(
                new JsonObject { ["message"] = "The test server plays the flat listing by name alone." },
                StatusCodes.Status501NotImplemented);
            return;
        }

        var limit = body["limit"]?.GetValue<int>() ?? MaxRows;
        if (limit < 1)
        {
            throw new RefusedException(StorageError.InvalidRequest("body/limit must be >= 1"));
        }

        var cursor = Cursor.Read(body["cursor"]?.GetValue<string>());
        var rows = role == StorageRole.Service ? state.Sorted(exchange.Target.Segment(2)) : [];
        var order = cursor?.Order ?? body["sortBy"]?["order"]?.GetValue<string>();
        var page = TakePage(rows, body["prefix"]?.GetValue<string>() ?? string.Empty, cursor?.Name, order, Math.Min(limit, MaxRows));
        await pace;
        await exchange.SendJsonAsync(page);
    }

    private static JsonObject TakePage(ObjectRow[] rows, string prefix, string? after, string? order, int limit)
    {
        // The names that begin with a prefix lie together.
        var first = FirstFrom(rows, name => Utf8Order.Instance.Compare(name, prefix) >= 0);
        var matching = rows.Skip(first).TakeWhile(row => row.Name.StartsWith(prefix, StringComparison.Ordinal));
        var following = order == "desc"
            ? matching.Reverse().SkipWhile(row => after is not null && Utf8Order.Instance.Compare(row.Name, after) >= 0)
            : after is null
                ? matching
                : rows.Skip(Math.Max(first, FirstFrom(rows, name => Utf8Order.Instance.Compare(name, after) > 0)))
                    .TakeWhile(row => row.Name.StartsWith(prefix, StringComparison.Ordinal));
        var found = following.Take(limit + 1).ToList();
        var page = new JsonObject { ["hasNext"] = found.Count > limit };
        if (found.Count > limit)
        {
            var last = found[limit - 1].Name;
            page["nextCursor"] = new Cursor(last, order).ToText();
            page["nextCursorKey"] = last;
        }

        page["folders"] = new JsonArray();
        page["objects"] = new JsonArray([.. found.Take(limit).Select(ObjectJson.Listed)]);
        return page;
    }

    // The first row of which something holds that holds of all that follow.
    private static int FirstFrom(ObjectRow[] rows, Func<string, bool> holds)
    {
        int low = 0, high = rows.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (holds(rows[middle].Name))
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }

    /// <summary>Where a page ended. The first page of a listing that asked for no order leaves the order out.</summary>
    private sealed record Cursor(string Name, string? Order)
    {
        public static Cursor? Read(string? text)
        {
            if (string.IsNullOrEmpty(text))
            {
                return null;
            }

            var parts = Decode(text).Split('\n');
            return parts[0].StartsWith(NamePart, StringComparison.Ordinal)
                ? new Cursor(
                    parts[0][NamePart.Length..],
                    parts.FirstOrDefault(part => part.StartsWith(OrderPart, StringComparison.Ordinal))?[OrderPart.Length..] ?? Ascending)
                : throw new RefusedException(StorageError.InvalidParameter("Invalid Parameter continuation token"));
        }

        public string ToText() =>
            Convert.ToBase64String(Encoding.UTF8.GetBytes(NamePart + Name + (Order is null ? string.Empty : $"\n{OrderPart}{Order}")));

        private static string Decode(string text)
        {
            try
            {
                return Encoding.UTF8.GetString(Convert.FromBase64String(text));
            }
            catch (FormatException)
            {
                throw new RefusedException(StorageError.InvalidParameter("Invalid Parameter continuation token"));
            }
        }
    }
}

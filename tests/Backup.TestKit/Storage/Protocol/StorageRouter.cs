using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Backup.TestKit.Storage.Protocol;

/// <summary>Finds the handler of a request and sends its refusals.</summary>
internal sealed class StorageRouter(StorageState state, StorageServerOptions options)
{
    private const int MaxHeaderBytes = 16 * 1024;
    private const string Get = "GET";
    private const string Post = "POST";

    private readonly BucketCalls _buckets = new(state, options);
    private readonly CursorListingCall _cursorListing = new(state, options);
    private readonly FolderListingCall _folderListing = new(state);
    private readonly DownloadCalls _downloads = new(state, options);
    private readonly UploadCall _uploads = new(state, options);
    private readonly DeleteCalls _deletes = new(state);

    /// <summary>Answers a request.</summary>
    public async Task AnswerAsync(StorageExchange exchange)
    {
        if (HeaderBytes(exchange.Context.Request) > MaxHeaderBytes)
        {
            await exchange.SendJsonAsync(
                new JsonObject
                {
                    ["error"] = "Request Header Fields Too Large",
                    ["message"] = "Exceeded maximum allowed HTTP header size",
                    ["statusCode"] = StatusCodes.Status431RequestHeaderFieldsTooLarge,
                },
                StatusCodes.Status431RequestHeaderFieldsTooLarge,
                "application/json");
            return;
        }

        if (!exchange.Target.IsDecodable)
        {
            await exchange.SendJsonAsync(
                new JsonObject
                {
                    ["error"] = "Bad Request",
                    ["code"] = "FST_ERR_BAD_URL",
                    ["message"] = $"'{exchange.Target.Path}' is not a valid url component",
                    ["statusCode"] = StatusCodes.Status400BadRequest,
                },
                StatusCodes.Status400BadRequest,
                "application/json");
            return;
        }

        try
        {
            await (Find(exchange) ?? UnknownRouteAsync(exchange));
        }
        catch (RefusedException exception)
        {
            await exchange.SendErrorAsync(exception.Error);
        }
    }

    private static int HeaderBytes(HttpRequest request) =>
        request.Headers.Sum(header => header.Key.Length + header.Value.ToString().Length + 4);

    private static Task UnknownRouteAsync(StorageExchange exchange) => exchange.SendJsonAsync(
        new JsonObject
        {
            ["message"] = $"Route {exchange.Method}:{exchange.Target.Raw} not found",
            ["error"] = "Not Found",
            ["statusCode"] = StatusCodes.Status404NotFound,
        },
        StatusCodes.Status404NotFound);

    private static Task UnknownObjectRouteAsync(StorageExchange exchange) => exchange.SendJsonAsync(
        StorageError.UnknownRoute(exchange.Method, exchange.Target.Raw).ToJson(),
        StatusCodes.Status404NotFound,
        "application/json");

    // Calls that no backup client makes are not played, rather than answered in a way that the real server does not.
    private static Task NotPlayedAsync(StorageExchange exchange) => exchange.SendJsonAsync(
        new JsonObject { ["message"] = $"The test server does not play {exchange.Method} {exchange.Target.Path}." },
        StatusCodes.Status501NotImplemented);

    private Task? Find(StorageExchange exchange) => (exchange.Method, exchange.Target.Segment(0)) switch
    {
        (Get, "status") => SendStatusAsync(exchange),
        (Get, "version") => SendVersionAsync(exchange),
        (Get, "health") => SendHealthAsync(exchange),
        (_, "bucket") => FindBucketCall(exchange) ?? UnknownObjectRouteAsync(exchange),
        (_, "object") => FindObjectCall(exchange) ?? UnknownObjectRouteAsync(exchange),
        _ => null,
    };

    private Task? FindBucketCall(StorageExchange exchange)
    {
        var isBare = exchange.Target.Count == 1 || (exchange.Target.Count == 2 && exchange.Target.Segment(1).Length == 0);
        return (exchange.Method, exchange.Target.Count) switch
        {
            (Get, _) when isBare => _buckets.ListAsync(exchange),
            (Post, _) when isBare => _buckets.CreateAsync(exchange),
            (Get, 2) => _buckets.GetAsync(exchange),
            ("PUT", 2) => _buckets.UpdateAsync(exchange),
            ("DELETE", 2) => _buckets.DeleteAsync(exchange),
            (Post, 3) when exchange.Target.Segment(2) == "empty" => _buckets.EmptyAsync(exchange),
            _ => null,
        };
    }

    private Task? FindObjectCall(StorageExchange exchange)
    {
        var target = exchange.Target;
        var route = target.Segment(1);
        return (exchange.Method, route) switch
        {
            (_, "sign" or "upload") or (Post, "copy" or "move") => NotPlayedAsync(exchange),
            (Post, "list") when target.Count == 3 => _folderListing.AnswerAsync(exchange),
            (Post, "list-v2") when target.Count == 3 && options.HasListV2 => _cursorListing.AnswerAsync(exchange),
            (Get, "info") when target.Count > 4 && target.Segment(2) is "authenticated" or "public" =>
                _downloads.InfoAsync(exchange, target.Segment(2), first: 3),
            (Get, "info") when target.Count > 3 => _downloads.InfoAsync(exchange, string.Empty, first: 2),
            (Get or "HEAD", "authenticated" or "public") when target.Count > 3 => _downloads.GetAsync(exchange, route, first: 2),
            (Get or "HEAD", _) when target.Count > 2 => _downloads.GetAsync(exchange, string.Empty, first: 1),
            (Post or "PUT", _) when target.Count > 2 => _uploads.AnswerAsync(exchange),
            ("DELETE", _) when target.Count > 2 => _deletes.DeleteOneAsync(exchange),
            ("DELETE", _) when target.Count == 2 => _deletes.DeleteManyAsync(exchange),
            _ => null,
        };
    }

    private static Task SendStatusAsync(StorageExchange exchange)
    {
        exchange.SendNothing(StatusCodes.Status200OK, 0);
        return Task.CompletedTask;
    }

    private static Task SendVersionAsync(StorageExchange exchange)
    {
        exchange.SetHeader("content-type", "text/plain; charset=utf-8");
        return exchange.SendAsync(StoredContent.Of("1.11.2"), 0, null);
    }

    private static Task SendHealthAsync(StorageExchange exchange)
    {
        exchange.AuthorizeUnasked();
        return exchange.SendJsonAsync(new JsonObject { ["healthy"] = true });
    }
}

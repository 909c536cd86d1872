using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Backup.TestKit.Storage.Protocol;

/// <summary>The gateway of the hosted service: a path prefix and an <c>apikey</c>, the new kind of which it turns into a token.</summary>
/// <remarks>Its answers were not recorded; they are those that the hosted service is known by.</remarks>
internal sealed class Gateway(string secretKey, string serviceKey, IReadOnlyList<string> keys)
{
    public const string Prefix = "/storage/v1";

    private const string ApiKeyHeader = "apikey";

    /// <summary>Lets a request through, or refuses it with what it returns.</summary>
    public JsonObject? Refuse(HttpContext context, string target)
    {
        if (!target.StartsWith(Prefix + "/", StringComparison.Ordinal))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return new JsonObject { ["message"] = "no Route matched with those values" };
        }

        var headers = context.Request.Headers;
        var key = headers[ApiKeyHeader].ToString();
        if (key == secretKey)
        {
            headers[ApiKeyHeader] = serviceKey;
            headers.Authorization = $"Bearer {serviceKey}";
            return null;
        }

        if (keys.Contains(key))
        {
            return null;
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return key.Length == 0
            ? new JsonObject { ["message"] = "No API key found in request", ["hint"] = "No `apikey` request header or url param was found." }
            : new JsonObject { ["message"] = "Invalid API key", ["hint"] = "Double check your Supabase `anon` or `service_role` API key." };
    }
}

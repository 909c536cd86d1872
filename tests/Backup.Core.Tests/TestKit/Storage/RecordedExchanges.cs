using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Backup.TestKit.Storage;

namespace Backup.Core.Tests.TestKit.Storage;

/// <summary>Sends recorded requests to a server, byte for byte, and compares its answers with the recorded ones.</summary>
internal sealed class RecordedExchanges(StorageServer server) : IDisposable
{
    // Date, Connection and the like are no part of the contract.
    private static readonly string[] ComparedHeaders =
    [
        "content-type", "content-length", "content-range", "content-encoding", "etag", "cache-control", "last-modified",
        "accept-ranges", "x-robots-tag", "retry-after", "transfer-encoding",
    ];

    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    /// <summary>Sends one request; returns what differs in its answer, or <see langword="null"/>.</summary>
    public async Task<string?> ReplayAsync(RecordedStep step)
    {
        using var request = CreateRequest(step.Request);
        using var response = await _client.SendAsync(request);
        var body = await response.Content.ReadAsByteArrayAsync();
        var expected = step.Response;
        var status = expected["status"]!.GetValue<int>();
        var difference = status == (int)response.StatusCode
            ? HeaderDifference(expected["headers"]!.AsObject(), response) ?? RecordedBody.Difference(expected["body"], body)
            : $"status {(int)response.StatusCode} instead of {status} ({System.Text.Encoding.UTF8.GetString(body)})";
        return difference is null ? null : $"{step.Name}: {difference}";
    }

    public void Dispose() => _client.Dispose();

    private static string? HeaderDifference(JsonObject expected, HttpResponseMessage response)
    {
        foreach (var name in ComparedHeaders)
        {
            var left = expected[name]?.GetValue<string>();
            var right = Header(response, name);
            var isEqual = name == "last-modified" ? left is null == right is null : left == right;
            if (!isEqual)
            {
                return $"header {name}: {right ?? "none"} instead of {left ?? "none"}";
            }
        }

        return null;
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) || response.Content.Headers.NonValidated.TryGetValues(name, out values)
            ? values.ToString()
            : null;

    private static byte[]? ReadBody(JsonNode? body) => body switch
    {
        null => null,
        JsonObject json when json["generator"] is not null => ReadPattern(json["length"]!.GetValue<int>()),
        _ => RecordedStep.ReadBytes(body) ?? JsonSerializer.SerializeToUtf8Bytes(body, Relaxed),
    };

    private static byte[] ReadPattern(int length)
    {
        var bytes = new byte[length];
        StoredContent.Pattern(length).Read(0, bytes);
        return bytes;
    }

    private HttpRequestMessage CreateRequest(JsonNode recorded)
    {
        var path = recorded["path"]!.GetValue<string>();
        var request = new HttpRequestMessage(
            new HttpMethod(recorded["method"]!.GetValue<string>()),
            new Uri(server.Address.GetLeftPart(UriPartial.Authority) + path, AsWritten));
        var headers = recorded["headers"]!.AsObject().ToDictionary(header => header.Key, header => WithTokens(header.Value!.GetValue<string>()));
        var body = ReadBody(recorded["body"]);
        if (body is not null || headers.ContainsKey("content-type"))
        {
            request.Content = new ByteArrayContent(body ?? []);
        }

        foreach (var (name, value) in headers)
        {
            var target = name.StartsWith("content-", StringComparison.Ordinal) ? (HttpHeaders)request.Content!.Headers : request.Headers;
            target.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private string WithTokens(string value) => value
        .Replace("<service-key>", server.ServiceKey, StringComparison.Ordinal)
        .Replace("<anon-key>", server.AnonKey, StringComparison.Ordinal)
        .Replace("<user-key>", server.UserKey, StringComparison.Ordinal)
        .Replace("<expired-token>", server.Tokens.Create("service_role", expiresAt: DateTimeOffset.UnixEpoch), StringComparison.Ordinal)
        .Replace("<early-token>", server.Tokens.Create("service_role", notBefore: DateTimeOffset.MaxValue), StringComparison.Ordinal)
        .Replace("<forged-token>", server.ServiceKey[..^4] + "AAAA", StringComparison.Ordinal)
        .Replace("<unknown-role-token>", server.Tokens.Create("no_such_role"), StringComparison.Ordinal)
        .Replace("<roleless-token>", server.Tokens.Create(null), StringComparison.Ordinal)
        .Replace("<unsigned-token>", server.Tokens.CreateWithoutAlgorithm(), StringComparison.Ordinal);
}

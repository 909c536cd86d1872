using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Backup.TestKit.Storage.Protocol;

/// <summary>One request and its answer. Used by one handler.</summary>
internal sealed class StorageExchange
{
    private const int MaxJsonBytes = 1024 * 1024;
    private const string Bearer = "Bearer ";

    private readonly StorageTokens _tokens;
    private readonly ResponseBody _body;
    private readonly bool _hasExpiredToken;

    public StorageExchange(HttpContext context, RequestTarget target, StorageTokens tokens, Fault? fault, ResponseBody body)
    {
        Context = context;
        Target = target;
        _tokens = tokens;
        _body = body;
        _hasExpiredToken = fault?.HasExpiredToken ?? false;
    }

    public HttpContext Context { get; }

    public RequestTarget Target { get; }

    public string Method => Context.Request.Method;

    public bool IsHead => HttpMethods.IsHead(Method);

    private string? Token => Context.Request.Headers.Authorization is { Count: > 0 } values ? Trim(values.ToString()) : null;

    /// <summary>A request header, or <see langword="null"/>.</summary>
    public string? Header(string name) => Context.Request.Headers.TryGetValue(name, out var values) ? values.ToString() : null;

    /// <summary>Who calls, on the routes whose schema asks for a token.</summary>
    /// <exception cref="RefusedException">There is no token, or it is not valid.</exception>
    public StorageRole Authorize() => Token is { } token ? Verify(token) : throw new RefusedException(StorageError.NoToken);

    /// <summary>Who calls, on the routes that check the token by themselves.</summary>
    public StorageRole AuthorizeUnasked() => Verify(Token ?? string.Empty);

    /// <summary>Who calls, on the routes that take a caller with a bad token for nobody.</summary>
    public StorageRole Identify()
    {
        try
        {
            return Token is { } token ? Verify(token) : StorageRole.None;
        }
        catch (RefusedException exception) when (exception.Error.HttpStatus != StorageError.UnknownRole.HttpStatus)
        {
            return StorageRole.None;
        }
    }

    /// <summary>The body, which must be a JSON object.</summary>
    public async Task<JsonObject> ReadJsonAsync()
    {
        var isJson = Context.Request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) ?? false;
        if (Context.Request.ContentType is { } type && !type.Contains('/', StringComparison.Ordinal))
        {
            throw new RefusedException(StorageError.InvalidContentType);
        }

        if (Context.Request.ContentLength > MaxJsonBytes)
        {
            throw new RefusedException(StorageError.BodyTooLarge);
        }

        using var bytes = new MemoryStream();
        await Context.Request.Body.CopyToAsync(bytes, Context.RequestAborted);
        if (isJson && bytes.Length == 0)
        {
            throw new RefusedException(StorageError.EmptyBody);
        }

        try
        {
            return (isJson ? JsonNode.Parse(bytes.ToArray()) as JsonObject : null)
                ?? throw new RefusedException(StorageError.InvalidRequest("body must be object"));
        }
        catch (JsonException)
        {
            throw new RefusedException(StorageError.MalformedBody);
        }
    }

    /// <summary>Sets a header of the answer.</summary>
    public void SetHeader(string name, string value) => Context.Response.Headers[name] = value;

    /// <summary>Answers with JSON.</summary>
    public Task SendJsonAsync(JsonNode body, int status = StatusCodes.Status200OK, string type = "application/json; charset=utf-8")
    {
        Context.Response.StatusCode = status;
        SetHeader("content-type", type);
        return SendAsync(StoredContent.Of(StorageJson.Write(body)), 0, null);
    }

    /// <summary>Answers with a refusal.</summary>
    public Task SendErrorAsync(StorageError error)
    {
        if (error == StorageError.GoneFromBackend)
        {
            SetHeader("cache-control", "no-store");
        }

        return SendJsonAsync(error.ToJson(), error.HttpStatus);
    }

    /// <summary>Answers with a range of a content, to its end unless a length is given; status and other headers are set.</summary>
    public Task SendAsync(StoredContent content, long offset, long? length) =>
        _body.SendAsync(Context, content, offset, length ?? (content.Length - offset), IsHead);

    /// <summary>Answers without a body.</summary>
    public void SendNothing(int status, long? contentLength)
    {
        Context.Response.StatusCode = status;
        if (contentLength is { } bytes)
        {
            SetHeader("content-length", bytes.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static string Trim(string authorization) =>
        authorization.StartsWith(Bearer, StringComparison.Ordinal) ? authorization[Bearer.Length..] : authorization;

    private StorageRole Verify(string token)
    {
        var role = _tokens.Verify(token);
        return _hasExpiredToken ? throw StorageTokens.Expired() : role;
    }
}

using System.Net;
using Backup.Core.Errors;

namespace Backup.Core.ObjectStores.SupabaseStorage;

/// <summary>Reads what a refusal really means: the server puts the true status and its code into the body of an HTTP 400.</summary>
internal static class StorageErrorReader
{
    /// <summary>What to do when something else than a Storage server answers.</summary>
    public const string AddressHint =
        "Check the address: it should be the project's, such as https://ref.supabase.co, or that of a Storage server.";

    // Of the hosted platform: https://supabase.com/docs/guides/platform/http-status-codes
    private const int ProjectPaused = 540;

    // PostgreSQL's code for an invalid parameter value: the role that a token names does not exist.
    private const string UnknownRole = "code: 22023";

    /// <summary>Turns a response that is no success into an exception.</summary>
    /// <param name="response">The response, whose body is in memory.</param>
    /// <param name="call">What was being done.</param>
    /// <param name="secret">What must not show in the message, even if the server repeats it.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static async Task<ObjectStoreException> ReadAsync(
        HttpResponseMessage response, ApiCall call, string secret, CancellationToken cancellationToken)
    {
        var body = await ReadBodyAsync(response, cancellationToken).ConfigureAwait(false);
        var status = body.Status ?? (int)response.StatusCode;
        var error = Classify(status, body);
        return new ObjectStoreException($"Cannot {call.Action}: {Describe(response, status, body, secret)}.")
        {
            Error = error,
            Status = status,
            Code = body.Code is null ? null : MessageText.OneLine(body.Code, secret),
            Subject = call.Subject,
            IsTransient = IsTransient(status, error),
            Hint = Advise(status, error, body),
        };
    }

    /// <summary>Whether a refusal is a passing one, wherever its status stands.</summary>
    public static async ValueTask<bool> IsTransientAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await ReadBodyAsync(response, cancellationToken).ConfigureAwait(false);
        var status = body.Status ?? (int)response.StatusCode;
        return IsTransient(status, Classify(status, body));
    }

    private static bool IsTransient(int status, ObjectStoreError error) => error == ObjectStoreError.Unavailable && IsTransient(status);

    // 501, 505 and 511 say that it will never work, 540 that the project is paused; 520 to 530 come from a CDN, 544 from the server when its database was too slow.
    private static bool IsTransient(int status) => status is 408 or 425 or 429 || (status >= 500 && status is not (501 or 505 or 511 or ProjectPaused));

    private static async ValueTask<StorageErrorBody> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        StorageErrorBody.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));

    private static string Describe(HttpResponseMessage response, int status, StorageErrorBody body, string secret)
    {
        if ((body.Message ?? body.Error) is { } said)
        {
            return $"the Storage server says {status} {MessageText.OneLine(said, secret)}";
        }

        if (status is >= 300 and < 400)
        {
            var target = response.Headers.Location is { IsAbsoluteUri: true } location
                ? location.GetLeftPart(UriPartial.Authority)
                : "another place";
            return $"the address redirects to {target} (HTTP {status})";
        }

        var type = response.Content.Headers.TryGetValues("Content-Type", out var types) ? types.FirstOrDefault() : null;
        return type is null
            ? $"the server answers HTTP {status}"
            : $"the server answers HTTP {status} with {MessageText.OneLine(type, secret)}";
    }

    private static ObjectStoreError Classify(int status, StorageErrorBody body) => body.Code switch
    {
        "NoSuchKey" => ObjectStoreError.ObjectNotFound,
        "NoSuchBucket" => ObjectStoreError.BucketNotFound,
        "KeyAlreadyExists" or "ResourceAlreadyExists" or "BucketAlreadyExists" => ObjectStoreError.AlreadyExists,
        "EntityTooLarge" => ObjectStoreError.TooLarge,
        "InvalidMimeType" => ObjectStoreError.InvalidMediaType,
        "InvalidKey" or "InvalidBucketName" => ObjectStoreError.InvalidName,
        "AccessDenied" or "InvalidJWT" or "SignatureDoesNotMatch" => ObjectStoreError.AccessDenied,
        "SlowDown" or "DatabaseTimeout" or "InternalError" => ObjectStoreError.Unavailable,
        "DatabaseError" when body.Message?.Contains(UnknownRole, StringComparison.Ordinal) is true => ObjectStoreError.AccessDenied,
        _ => ClassifyWithoutCode(status, body),
    };

    private static ObjectStoreError ClassifyWithoutCode(int status, StorageErrorBody body) => status switch
    {
        (int)HttpStatusCode.Unauthorized or (int)HttpStatusCode.Forbidden => ObjectStoreError.AccessDenied,
        (int)HttpStatusCode.BadRequest => body switch
        {
            { Message: { } message } when message.Contains("'authorization'", StringComparison.Ordinal) => ObjectStoreError.AccessDenied,
            { Error: "InvalidJWT" or "Invalid JWT" } => ObjectStoreError.AccessDenied,
            { Error: "InvalidKey" or "Invalid Input" } => ObjectStoreError.InvalidName,
            _ => ObjectStoreError.Other,
        },

        // Only the server's own words count: what a wrong address answers must not pass for a missing object.
        (int)HttpStatusCode.NotFound => body switch
        {
            { Message: "Bucket not found" } => ObjectStoreError.BucketNotFound,
            { Message: "Object not found" or "The resource was not found" } => ObjectStoreError.ObjectNotFound,
            _ => ObjectStoreError.Other,
        },
        (int)HttpStatusCode.Conflict => ObjectStoreError.AlreadyExists,
        (int)HttpStatusCode.RequestEntityTooLarge or (int)HttpStatusCode.RequestHeaderFieldsTooLarge => ObjectStoreError.TooLarge,
        (int)HttpStatusCode.UnsupportedMediaType => ObjectStoreError.InvalidMediaType,
        _ => IsTransient(status) ? ObjectStoreError.Unavailable : ObjectStoreError.Other,
    };

    private static string? Advise(int status, ObjectStoreError error, StorageErrorBody body) => error switch
    {
        ObjectStoreError.AccessDenied => AdviseOnKey(body.Message ?? string.Empty),
        ObjectStoreError.BucketNotFound => "Check the bucket's id: it is case-sensitive and may differ from the bucket's name.",
        ObjectStoreError.InvalidName => "The server takes no such names; rename the object, which was put in by SQL or by another version.",
        ObjectStoreError.Unavailable => "The server is busy or its database is out of reach; try again, with fewer transfers at once.",
        ObjectStoreError.TooLarge when status == (int)HttpStatusCode.RequestHeaderFieldsTooLarge =>
            "The object's name and user metadata are more than a request can carry.",
        ObjectStoreError.TooLarge => "Raise the size limit of the bucket or of the project.",
        ObjectStoreError.InvalidMediaType => "Let the bucket take this media type.",
        ObjectStoreError.Other when status == ProjectPaused => "The project is paused: restore it in the dashboard, and try again once it is up.",
        ObjectStoreError.Other when status == (int)HttpStatusCode.PaymentRequired =>
            "The project is restricted, for its quota or its bills: see its organization's usage and billing pages.",
        ObjectStoreError.Other when status == (int)HttpStatusCode.NotFound || (body == default && status < 500) => AddressHint,
        _ => null,
    };

    private static string AdviseOnKey(string message) => message switch
    {
        _ when message.Contains("\"exp\"", StringComparison.Ordinal) || message.Contains("expired", StringComparison.OrdinalIgnoreCase) =>
            "The key has expired: take a new one from the project's API settings.",
        _ when message.Contains("\"nbf\"", StringComparison.Ordinal) => "The key is not valid yet: check the clock of the server.",
        _ when message.Contains("signature", StringComparison.OrdinalIgnoreCase) =>
            "The key belongs to another project: take it from the API settings of this one.",
        _ when message.Contains("Compact JWS", StringComparison.Ordinal) || message.Contains("'authorization'", StringComparison.Ordinal) =>
            "The key is none that this server takes: without the gateway it takes the project's service_role token alone.",
        _ => StorageKey.Hint,
    };
}

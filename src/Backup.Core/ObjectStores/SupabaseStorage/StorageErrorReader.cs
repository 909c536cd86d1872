using System.Globalization;
using System.Net;
using System.Text.Json;
using Backup.Core.Errors;

namespace Backup.Core.ObjectStores.SupabaseStorage;

/// <summary>Reads what a refusal really means: the server puts the true status and its code into the body of an HTTP 400.</summary>
internal static class StorageErrorReader
{
    private const int MaxBodyBytes = 64 * 1024;

    /// <summary>Turns a response that is no success into an exception.</summary>
    /// <param name="response">The response, whose body is read.</param>
    /// <param name="action">What was being done, as in <c>download 'a/b.txt' of bucket 'x'</c>.</param>
    /// <param name="subject">The bucket or object.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static async Task<ObjectStoreException> ReadAsync(
        HttpResponseMessage response, string action, string subject, CancellationToken cancellationToken)
    {
        var body = await ReadBodyAsync(response, cancellationToken).ConfigureAwait(false);
        var status = body.Status ?? (int)response.StatusCode;
        var error = Classify(status, body.Code);
        var said = string.IsNullOrEmpty(body.Message) ? $"HTTP {(int)response.StatusCode}" : body.Message;
        return new ObjectStoreException($"Cannot {action}: the Storage server says {status} {said}.")
        {
            Error = error,
            Status = status,
            Code = body.Code,
            Subject = subject,
            IsTransient = IsTransient(status),
            Hint = Advise(error),
        };
    }

    /// <summary>Whether a status that the server means is a passing one.</summary>
    public static bool IsTransient(int status) => status is 408 or 429 or 500 or 502 or 503 or 504 or 544;

    /// <summary>What a caller should do, by the kind of refusal.</summary>
    public static string? Advise(ObjectStoreError error) => error switch
    {
        ObjectStoreError.AccessDenied => "Use the project's service key; the anon key sees only what policies show it.",
        ObjectStoreError.BucketNotFound => "Check the bucket's id; it is case-sensitive and may differ from its name.",
        ObjectStoreError.InvalidName => "The server refuses such names; rename the object where it was put in by SQL.",
        ObjectStoreError.Unavailable => "The server is busy or its database is out of reach; try again, with fewer transfers at once.",
        ObjectStoreError.TooLarge => "Raise the size limit of the bucket or of the project.",
        _ => null,
    };

    private static ObjectStoreError Classify(int status, string? code) => code switch
    {
        "NoSuchKey" => ObjectStoreError.ObjectNotFound,
        "NoSuchBucket" => ObjectStoreError.BucketNotFound,
        "KeyAlreadyExists" or "ResourceAlreadyExists" or "BucketAlreadyExists" => ObjectStoreError.AlreadyExists,
        "EntityTooLarge" => ObjectStoreError.TooLarge,
        "InvalidMimeType" => ObjectStoreError.InvalidMediaType,
        "InvalidKey" or "InvalidBucketName" => ObjectStoreError.InvalidName,
        "AccessDenied" or "InvalidJWT" or "SignatureDoesNotMatch" => ObjectStoreError.AccessDenied,
        "SlowDown" or "DatabaseTimeout" or "InternalError" => ObjectStoreError.Unavailable,
        _ => status switch
        {
            (int)HttpStatusCode.Unauthorized or (int)HttpStatusCode.Forbidden => ObjectStoreError.AccessDenied,
            (int)HttpStatusCode.NotFound => ObjectStoreError.ObjectNotFound,
            (int)HttpStatusCode.Conflict => ObjectStoreError.AlreadyExists,
            (int)HttpStatusCode.RequestEntityTooLarge => ObjectStoreError.TooLarge,
            (int)HttpStatusCode.UnsupportedMediaType => ObjectStoreError.InvalidMediaType,
            _ => IsTransient(status) ? ObjectStoreError.Unavailable : ObjectStoreError.Other,
        },
    };

    private static async Task<ErrorBody> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var bytes = new byte[MaxBodyBytes];
            var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                var length = await stream.ReadAtLeastAsync(bytes, bytes.Length, false, cancellationToken).ConfigureAwait(false);
                using var document = JsonDocument.Parse(bytes.AsMemory(0, length));
                return ErrorBody.From(document.RootElement);
            }
        }
        catch (Exception exception) when (exception is JsonException or HttpRequestException or IOException)
        {
            // A gateway's HTML page or an empty body, as HEAD has it: the HTTP status has to do.
            return default;
        }
    }

    private readonly record struct ErrorBody(int? Status, string? Code, string? Message)
    {
        public static ErrorBody From(JsonElement root)
        {
            if (root.ValueKind != JsonValueKind.Object)
            {
                return default;
            }

            var message = Text(root, "message") ?? Text(root, "error");
            return new ErrorBody(StatusOf(root), Text(root, "code"), message?.ReplaceLineEndings(" "));
        }

        // A string in most answers, a number in those of the HTTP framework.
        private static int? StatusOf(JsonElement root) =>
            root.TryGetProperty("statusCode", out var value)
            && int.TryParse(value.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var status)
                ? status
                : null;

        private static string? Text(JsonElement root, string name) =>
            root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }
}

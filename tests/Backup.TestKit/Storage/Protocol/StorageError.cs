using System.Globalization;
using System.Text.Json.Nodes;

namespace Backup.TestKit.Storage.Protocol;

/// <summary>A refusal: what the body says and the status under which it travels, which is mostly 400.</summary>
internal sealed record StorageError(string Status, string Error, string Message, string Code)
{
    private const int UsualHttpStatus = 400;

    public static readonly StorageError NoToken = InvalidRequest("headers must have required property 'authorization'");

    public static readonly StorageError NoSuchBucket = new("404", "Bucket not found", "Bucket not found", "NoSuchBucket");

    public static readonly StorageError NoSuchKey = new("404", "not_found", "Object not found", "NoSuchKey");

    public static readonly StorageError KeyExists = new("409", "Duplicate", "The resource already exists", "KeyAlreadyExists");

    public static readonly StorageError BucketExists = new("409", "Duplicate", "The resource already exists", "BucketAlreadyExists");

    public static readonly StorageError BucketNotEmpty =
        new("409", "ResourceNotEmpty", "The bucket you tried to delete is not empty", "ResourceNotEmpty");

    public static readonly StorageError InvalidBucketName = new("400", "Invalid Input", "Bucket name invalid", "InvalidBucketName");

    public static readonly StorageError TooLarge =
        new("413", "Payload too large", "The object exceeded the maximum allowed size", "EntityTooLarge");

    public static readonly StorageError InvalidContentType =
        new("415", "invalid_mime_type", "Invalid Content-Type header", "InvalidMimeType");

    public static readonly StorageError RowSecurity = AccessDenied("new row violates row-level security policy");

    public static readonly StorageError InvalidRole = AccessDenied("Access denied: Invalid role") with { HttpStatus = 403 };

    public static readonly StorageError InvalidRange =
        new("416", "invalid_range", "invalid range provided", "InvalidRange") { HttpStatus = 416 };

    public static readonly StorageError TooManyConnections =
        new("429", "too_many_connections", "Too many connections issued to the database", "SlowDown") { HttpStatus = 429 };

    public static readonly StorageError Internal = new("500", "Internal", "Internal Server Error", "InternalError") { HttpStatus = 500 };

    public static readonly StorageError UnknownRole =
        new("500", "DatabaseError", "database error, code: 22023", "DatabaseError") { HttpStatus = 500 };

    public static readonly StorageError DatabaseTimeout =
        new("544", "DatabaseTimeout", "The connection to the database timed out", "DatabaseTimeout") { HttpStatus = 544 };

    /// <summary>What the S3 backend says of a row whose bytes are gone.</summary>
    public static readonly StorageError GoneFromBackend = new("404", "Not found", "The resource was not found", "NoSuchKey");

    public static readonly StorageError BodyTooLarge =
        new("413", "FastifyError", "Request body is too large", "EntityTooLarge") { HttpStatus = 413 };

    public static readonly StorageError EmptyBody = BadBody("Body cannot be empty when content-type is set to 'application/json'");

    public static readonly StorageError MalformedBody =
        BadBody("Body is not valid JSON but content-type is set to 'application/json'");

    /// <summary>The status of the HTTP response.</summary>
    public int HttpStatus { get; init; } = UsualHttpStatus;

    public static StorageError AccessDenied(string message) => new("403", "Unauthorized", message, "AccessDenied");

    public static StorageError InvalidRequest(string message) => new("400", "Error", message, "InvalidRequest");

    public static StorageError InvalidKey(string name) => new("400", "InvalidKey", $"Invalid key: {name}", "InvalidKey");

    public static StorageError InvalidParameter(string message) => new("400", "InvalidParameter", message, "InvalidParameter");

    public static StorageError UnsupportedType(string type) =>
        new("415", "invalid_mime_type", $"mime type {type} is not supported", "InvalidMimeType");

    public static StorageError UnknownRoute(string method, string target) =>
        new("404", "Not Found", $"Route {method}:{target} not found", "InvalidRequest") { HttpStatus = 404 };

    /// <summary>One of the passing failures by its status.</summary>
    public static StorageError Passing(int status) => status switch
    {
        429 => TooManyConnections,
        500 => Internal,
        544 => DatabaseTimeout,
        _ => new StorageError(status.ToString(CultureInfo.InvariantCulture), "Error", "Scripted failure", "InternalError") { HttpStatus = status },
    };

    public JsonObject ToJson() => new() { ["statusCode"] = Status, ["error"] = Error, ["message"] = Message, ["code"] = Code };

    private static StorageError BadBody(string message) => new("400", "FastifyError", message, "InvalidRequest");
}

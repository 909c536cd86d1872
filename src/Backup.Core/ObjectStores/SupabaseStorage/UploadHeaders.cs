using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Backup.Core.Errors;

namespace Backup.Core.ObjectStores.SupabaseStorage;

/// <summary>The properties of an upload as the headers that carry them, checked before anything is sent.</summary>
internal sealed class UploadHeaders
{
    private const string UserMetadata = "user metadata";
    private const string DefaultContentType = "application/octet-stream";

    // The server's HTTP framework refuses more, all headers and the address together; a reserve is left for those that a gateway adds.
    private const int MaxHeaderBytes = 16 * 1024;
    private const int ReservedBytes = 1024;
    private const int KeyHeaders = 2;
    private const int SeparatorBytes = 4;

    private readonly List<(string Name, string Value)> _headers = [];

    private UploadHeaders(string contentType) => ContentType = contentType;

    /// <summary>The media type as it is to be sent.</summary>
    public string ContentType { get; }

    /// <summary>Makes the headers of an upload.</summary>
    /// <param name="upload">The upload.</param>
    /// <param name="address">Where it goes to.</param>
    /// <param name="key">The key, which takes room too.</param>
    /// <param name="action">What is being done, for messages.</param>
    /// <exception cref="ObjectStoreException">They cannot be sent.</exception>
    public static UploadHeaders From(ObjectUpload upload, Uri address, StorageKey key, string action)
    {
        var subject = $"{upload.Bucket}/{upload.Name}";
        var headers = new UploadHeaders(upload.ContentType ?? DefaultContentType);
        if (!IsHeaderText(headers.ContentType))
        {
            throw NotSendable("content type");
        }

        if (upload.CacheControl is { } cacheControl)
        {
            headers.Add("Cache-Control", IsHeaderText(cacheControl) ? cacheControl : throw NotSendable("cache control"));
        }

        if (upload.RobotsTag is { } robotsTag)
        {
            headers.Add("x-robots-tag", IsHeaderText(robotsTag) ? robotsTag : throw NotSendable("robots tag"));
        }

        if (upload.UserMetadata is { } metadata)
        {
            headers.Add("x-metadata", IsJsonObject(metadata) ? ToBase64(metadata) : throw NotSendable(UserMetadata));
        }

        // The server takes the word in lower case alone.
        headers.Add("x-upsert", upload.Overwrite ? "true" : "false");
        var bytes = headers.Bytes(address, key);
        return bytes <= MaxHeaderBytes ? headers : throw TooMany(bytes);

        ObjectStoreException TooMany(int needed) =>
            new($"Cannot {action}: its name and properties take {needed} bytes of headers, and the server takes {MaxHeaderBytes}.")
            {
                Error = ObjectStoreError.TooLarge,
                Subject = subject,
                Hint = "The user metadata is too long for the API: put it back by SQL, into storage.objects.user_metadata.",
            };

        ObjectStoreException NotSendable(string what) => new($"Cannot {action}: its {what} is none that a request can carry.")
        {
            Subject = subject,
            Hint = what == UserMetadata ? "It must be a JSON object." : "It must be of ASCII characters, without control characters.",
        };
    }

    /// <summary>Adds them to a request.</summary>
    public void AddTo(HttpRequestHeaders headers)
    {
        foreach (var (name, value) in _headers)
        {
            // The server keeps some of them as sent: a parsed and rewritten value would be another one.
            headers.TryAddWithoutValidation(name, value);
        }
    }

    private static bool IsHeaderText(string text) => text.All(static character => char.IsAscii(character) && !char.IsControl(character));

    private static bool IsJsonObject(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string ToBase64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private void Add(string name, string value) => _headers.Add((name, value));

    private int Bytes(Uri address, StorageKey key) =>
        ReservedBytes
        + address.PathAndQuery.Length
        + ContentType.Length
        + (KeyHeaders * key.Text.Length)
        + _headers.Sum(header => header.Name.Length + header.Value.Length + SeparatorBytes);
}

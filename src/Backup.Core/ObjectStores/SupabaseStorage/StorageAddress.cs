using System.Globalization;
using System.Text;
using Backup.Core.Errors;

namespace Backup.Core.ObjectStores.SupabaseStorage;

/// <summary>Builds the server's addresses. Names are encoded byte by byte, and nothing is normalised on the way.</summary>
internal sealed class StorageAddress
{
    private const string GatewayPath = "/storage/v1";

    // Object names may hold "//", "." and ".." segments, which Uri folds away unless it is told to leave the path alone.
    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    // Half a surrogate pair is no character: its bytes would be those of another name.
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string _base;

    private StorageAddress(string address) => _base = address;

    /// <summary>The base, for people.</summary>
    public string Base => _base;

    /// <summary>The address as given.</summary>
    /// <param name="url">The project's or the server's address, with or without the gateway's path.</param>
    public static StorageAddress Bare(Uri url) => new(url.GetLeftPart(UriPartial.Authority) + url.AbsolutePath.TrimEnd('/'));

    /// <summary>The address behind the gateway of the hosted service, whose path it adds unless it is there.</summary>
    /// <param name="url">The project's address.</param>
    public static StorageAddress BehindGateway(Uri url)
    {
        var bare = Bare(url);
        return bare.HasGatewayPath ? bare : new StorageAddress(bare._base + GatewayPath);
    }

    /// <summary>Whether the address already says that it is behind the gateway.</summary>
    public bool HasGatewayPath => _base.EndsWith(GatewayPath, StringComparison.Ordinal);

    /// <summary>The list of buckets, or the place to create one.</summary>
    public Uri Buckets => Create("/bucket");

    /// <summary>One bucket.</summary>
    public Uri Bucket(string bucket) => Create("/bucket/" + Encode(bucket));

    /// <summary>A listing of a bucket; <c>list</c> or <c>list-v2</c>.</summary>
    public Uri Listing(string version, string bucket) => Create($"/object/{version}/{Encode(bucket)}");

    /// <summary>What the server knows of an object.</summary>
    public Uri Info(string bucket, string name) => Create($"/object/info/authenticated/{Encode(bucket)}/{EncodePath(name)}");

    /// <summary>An object's bytes. Only this route tells a bad key from a missing bucket.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="name">The object's name.</param>
    /// <param name="once">A text that no other request has. The server ignores it; a cache before it has no older answer for it.</param>
    public Uri Download(string bucket, string name, string once) =>
        Create($"/object/authenticated/{Encode(bucket)}/{EncodePath(name)}?t={Encode(once)}");

    /// <summary>The place to upload an object to.</summary>
    /// <exception cref="ObjectStoreException">
    /// A segment is <c>.</c> or <c>..</c>: whatever stands between here and the server may fold it away, and the request, which carries
    /// the service key, would then be one to another object or another service of the project.
    /// </exception>
    public Uri Upload(string bucket, string name) => $"{bucket}/{name}".Split('/').Any(segment => segment is "." or "..")
        ? throw new ObjectStoreException(
            $"'{MessageText.OneLine(name)}' cannot be uploaded to bucket '{MessageText.OneLine(bucket)}': no segment may be '.' or '..'.")
        {
            Error = ObjectStoreError.InvalidName,
            Subject = $"{bucket}/{name}",
        }
        : Create($"/object/{Encode(bucket)}/{EncodePath(name)}");

    private static string EncodePath(string name) => string.Join('/', name.Split('/').Select(Encode));

    private static string Encode(string text)
    {
        var encoded = new StringBuilder(text.Length + 8);
        foreach (var value in Bytes(text))
        {
            if (char.IsAsciiLetterOrDigit((char)value) || value is (byte)'-' or (byte)'_' or (byte)'~' or (byte)'.')
            {
                encoded.Append((char)value);
            }
            else
            {
                encoded.Append('%').Append(value.ToString("X2", CultureInfo.InvariantCulture));
            }
        }

        return encoded.ToString();
    }

    private static byte[] Bytes(string text)
    {
        try
        {
            return Strict.GetBytes(text);
        }
        catch (EncoderFallbackException exception)
        {
            throw new ObjectStoreException($"'{MessageText.OneLine(text)}' cannot be sent: it is no valid Unicode text.", exception)
            {
                Error = ObjectStoreError.InvalidName,
                Subject = text,
            };
        }
    }

    private Uri Create(string path) => new(_base + path, AsWritten);
}

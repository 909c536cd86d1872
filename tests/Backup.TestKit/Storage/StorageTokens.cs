using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Backup.TestKit.Storage.Protocol;

namespace Backup.TestKit.Storage;

/// <summary>Makes and checks the JSON web tokens that the server's keys are.</summary>
public sealed class StorageTokens
{
    private const string ServiceRole = "service_role";
    private const string AnonRole = "anon";
    private const string UserRole = "authenticated";

    private readonly TimeProvider _clock;
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);

    internal StorageTokens(TimeProvider clock) => _clock = clock;

    /// <summary>Makes a token.</summary>
    /// <param name="role"><c>service_role</c>, <c>anon</c>, <c>authenticated</c>, an unknown one, or <see langword="null"/> for none.</param>
    /// <param name="subject">The user's id, or <see langword="null"/>.</param>
    /// <param name="expiresAt">When it ceases to be valid; <see langword="null"/> for never.</param>
    /// <param name="notBefore">When it begins to be valid; <see langword="null"/> for always.</param>
    public string Create(string? role, string? subject = null, DateTimeOffset? expiresAt = null, DateTimeOffset? notBefore = null)
    {
        var claims = new JsonObject();
        Add(claims, "role", role);
        Add(claims, "sub", subject);
        Add(claims, "exp", expiresAt?.ToUnixTimeSeconds());
        Add(claims, "nbf", notBefore?.ToUnixTimeSeconds());
        return Sign("""{"alg":"HS256","typ":"JWT"}""", claims.ToJsonString());
    }

    /// <summary>Makes a token that names no algorithm, which is refused.</summary>
    internal string CreateWithoutAlgorithm() => Sign("""{"alg":"none","typ":"JWT"}""", """{"role":"service_role"}""");

    /// <summary>A token's role.</summary>
    /// <exception cref="RefusedException">It is none, or not valid now.</exception>
    internal StorageRole Verify(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 3 || Read(parts[0]) is not { } header || Read(parts[1]) is not { } claims)
        {
            throw Refuse("Invalid Compact JWS");
        }

        if (header["alg"]?.GetValue<string>() != "HS256")
        {
            throw Refuse("\"alg\" (Algorithm) Header Parameter value not allowed");
        }

        if (token != Sign(parts[0], parts[1], isEncoded: true))
        {
            throw Refuse("signature verification failed");
        }

        var now = _clock.GetUtcNow().ToUnixTimeSeconds();
        if (claims["exp"]?.GetValue<long>() <= now)
        {
            throw Expired();
        }

        if (claims["nbf"]?.GetValue<long>() > now)
        {
            throw Refuse("\"nbf\" claim timestamp check failed");
        }

        return claims["role"]?.GetValue<string>() switch
        {
            ServiceRole => StorageRole.Service,
            UserRole => StorageRole.User,
            AnonRole or null => StorageRole.Anon,
            _ => throw new RefusedException(StorageError.UnknownRole),
        };
    }

    /// <summary>What an expired token is told.</summary>
    internal static RefusedException Expired() => Refuse("\"exp\" claim timestamp check failed");

    /// <summary>What no token is told where the route does not ask for one.</summary>
    internal static RefusedException Refuse(string message) => new(StorageError.AccessDenied(message));

    private static void Add<T>(JsonObject claims, string name, T? value)
    {
        if (value is not null)
        {
            claims[name] = JsonValue.Create(value);
        }
    }

    private static JsonObject? Read(string part)
    {
        try
        {
            return JsonNode.Parse(Base64Url.Decode(part)) as JsonObject;
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            return null;
        }
    }

    private string Sign(string header, string claims, bool isEncoded = false)
    {
        var signed = isEncoded
            ? $"{header}.{claims}"
            : $"{Base64Url.Encode(Encoding.UTF8.GetBytes(header))}.{Base64Url.Encode(Encoding.UTF8.GetBytes(claims))}";
        return $"{signed}.{Base64Url.Encode(HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes(signed)))}";
    }
}

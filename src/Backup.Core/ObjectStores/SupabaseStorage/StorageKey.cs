using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Backup.Core.Errors;

namespace Backup.Core.ObjectStores.SupabaseStorage;

/// <summary>A project's key, and what it can be trusted to see.</summary>
/// <remarks>
/// A listing with a key that row level security applies to is shorter, or empty, without any error. Only the key itself tells:
/// a JWT by its role, a key of the new style by its prefix.
/// </remarks>
internal sealed class StorageKey
{
    /// <summary>What to do about a key without rights.</summary>
    public const string Hint =
        "Use the project's service key (service_role, or one that begins with sb_secret_), from its API settings.";

    private const string SecretPrefix = "sb_secret_";
    private const string PublishablePrefix = "sb_publishable_";
    private const string ServiceRole = "service_role";
    private const int JwtParts = 3;

    private readonly string _who;

    private StorageKey(string text, KeyRights rights, string who)
    {
        Text = text;
        Rights = rights;
        _who = who;
    }

    /// <summary>The key itself: a secret.</summary>
    public string Text { get; }

    /// <summary>What it can see.</summary>
    public KeyRights Rights { get; }

    /// <summary>Whether it can stand in an Authorization header. Keys of the new style are for the gateway, which replaces them.</summary>
    public bool IsToken =>
        !Text.StartsWith(SecretPrefix, StringComparison.Ordinal) && !Text.StartsWith(PublishablePrefix, StringComparison.Ordinal);

    /// <summary>Reads a key.</summary>
    public static StorageKey Parse(string text)
    {
        if (text.StartsWith(SecretPrefix, StringComparison.Ordinal))
        {
            return new StorageKey(text, KeyRights.All, "the key is a secret key");
        }

        if (text.StartsWith(PublishablePrefix, StringComparison.Ordinal))
        {
            return new StorageKey(text, KeyRights.Limited, "the key is a publishable key");
        }

        if (!TryReadRole(text, out var role))
        {
            return new StorageKey(text, KeyRights.Unknown, "the key does not tell its role");
        }

        // The server takes a token without a role for an anonymous one.
        var rights = role switch
        {
            ServiceRole => KeyRights.All,
            null or "" or "anon" or "authenticated" => KeyRights.Limited,
            _ => KeyRights.Unknown,
        };
        var who = string.IsNullOrEmpty(role) ? "the key has no role" : $"the key's role is '{MessageText.OneLine(role)}'";
        return new StorageKey(text, rights, who);
    }

    /// <summary>Refuses a listing that the key may see only a part of.</summary>
    public void ThrowIfLimited(string action, string subject)
    {
        if (Rights == KeyRights.Limited)
        {
            throw Denied(action, subject);
        }
    }

    /// <summary>Refuses an empty listing that could be one of a key without rights.</summary>
    public void ThrowIfEmptyIsUncertain(string action, string subject)
    {
        if (Rights != KeyRights.All)
        {
            throw new ObjectStoreException(
                $"Cannot {action}: the server shows nothing, and {_who}, so there may be something that it cannot see.")
            {
                Error = ObjectStoreError.AccessDenied,
                Subject = subject,
                Hint = Hint,
            };
        }
    }

    /// <summary>The refusal of a key that sees only what policies show it.</summary>
    public ObjectStoreException Denied(string action, string subject, ObjectStoreException? answer = null) =>
        new($"Cannot {action}: {_who}, which sees only what policies show it.", answer)
        {
            Error = ObjectStoreError.AccessDenied,
            Status = answer?.Status,
            Code = answer?.Code,
            Subject = subject,
            Hint = Hint,
        };

    private static bool TryReadRole(string text, out string? role)
    {
        role = null;
        var parts = text.Split('.');
        if (parts.Length != JwtParts || !Base64Url.IsValid(parts[1]))
        {
            return false;
        }

        try
        {
            using var claims = JsonDocument.Parse(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1])));
            if (claims.RootElement.ValueKind != JsonValueKind.Object)
            {
                return false;
            }

            role = claims.RootElement.TryGetProperty("role", out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Backup.Core.Errors;
using Backup.Core.Postgres.Schema;

namespace Backup.Core.Postgres.Server;

/// <summary>Writes and reads <c>database/settings.json</c> and <c>database/roles.json</c>.</summary>
internal static class ServerFiles
{
    /// <summary>The most bytes that either file may have.</summary>
    public const long MaxBytes = 64 * 1024 * 1024;

    // The files are read by people and by this library, never embedded in HTML: names stay readable.
    private static readonly ServerJsonContext Json = new(new JsonSerializerOptions(ServerJsonContext.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>Writes the settings of a database.</summary>
    public static Task WriteAsync(Stream destination, DatabaseSettings settings, CancellationToken cancellationToken) =>
        JsonSerializer.SerializeAsync(destination, settings, Json.DatabaseSettings, cancellationToken);

    /// <summary>Writes the roles of a server.</summary>
    public static Task WriteAsync(Stream destination, RoleList roles, CancellationToken cancellationToken) =>
        JsonSerializer.SerializeAsync(destination, roles, Json.RoleList, cancellationToken);

    /// <summary>Reads the settings of a database.</summary>
    /// <param name="source">The file.</param>
    /// <param name="path">Its path, for errors.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="ArchiveFormatException">It is no such file.</exception>
    /// <exception cref="UnsupportedFormatVersionException">A newer version wrote it.</exception>
    public static async Task<DatabaseSettings> ReadSettingsAsync(Stream source, string path, CancellationToken cancellationToken)
    {
        var settings = await ReadAsync(source, Json.DatabaseSettings, path, cancellationToken).ConfigureAwait(false);
        CheckVersion(settings.Version, DatabaseSettings.CurrentVersion, path);
        ThrowIfNull(path, settings.Privileges ?? [], settings.DefaultPrivileges, settings.Labels, settings.Settings, settings.RoleSettings, settings.RoleSettings?.Select(item => item?.Setting));
        CheckPrivileges(path, (settings.Privileges ?? []).Concat(settings.DefaultPrivileges));
        return settings;
    }

    /// <summary>Reads the roles of a server.</summary>
    /// <inheritdoc cref="ReadSettingsAsync"/>
    public static async Task<RoleList> ReadRolesAsync(Stream source, string path, CancellationToken cancellationToken)
    {
        var roles = await ReadAsync(source, Json.RoleList, path, cancellationToken).ConfigureAwait(false);
        CheckVersion(roles.Version, RoleList.CurrentVersion, path);
        ThrowIfNull(path, roles.Roles, roles.Memberships, roles.Parameters);
        CheckPrivileges(path, roles.Parameters.Select(item => item.Privilege));
        foreach (var role in roles.Roles)
        {
            ThrowIfNull(path, role.Settings, role.Labels);
        }

        return roles;
    }

    private static async Task<T> ReadAsync<T>(Stream source, JsonTypeInfo<T> type, string path, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(source, type, cancellationToken).ConfigureAwait(false)
                ?? throw Damaged(path, "it is empty", null);
        }
        catch (JsonException exception)
        {
            throw Damaged(path, $"it is not the JSON expected at {exception.Path ?? "its beginning"}", exception);
        }
    }

    private static void CheckPrivileges(string path, IEnumerable<string> items)
    {
        try
        {
            foreach (var item in items)
            {
                _ = AclItem.Parse(item);
            }
        }
        catch (FormatException exception)
        {
            throw Damaged(path, "an item of the privileges is none", exception);
        }
    }

    private static void ThrowIfNull(string path, params ReadOnlySpan<IEnumerable<object?>?> lists)
    {
        foreach (var list in lists)
        {
            if (list is null || list.Contains(null))
            {
                throw Damaged(path, "a list or an item of one is missing", null);
            }
        }
    }

    private static void CheckVersion(int version, int newest, string path)
    {
        if (version > newest)
        {
            throw new UnsupportedFormatVersionException($"{path} has version {version}, this library reads up to {newest}.")
            {
                Subject = path,
                Hint = "Restore with a newer version of this library.",
            };
        }
    }

    private static ArchiveFormatException Damaged(string path, string reason, Exception? cause) =>
        new($"The entry {path} is damaged: {reason}.", cause)
        {
            Subject = path,
            Hint = "Verify the backup and restore from another one.",
        };
}

/// <summary>Serialises these files without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    WriteIndented = true)]
[JsonSerializable(typeof(DatabaseSettings))]
[JsonSerializable(typeof(RoleList))]
internal sealed partial class ServerJsonContext : JsonSerializerContext;

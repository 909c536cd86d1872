using System.Globalization;
using Backup.TestKit.Storage;
using Backup.TestKit.Tools;

namespace Backup.Core.Peers.Clients;

/// <summary>The commands that run this program itself, measured like any other.</summary>
internal static class OwnPrograms
{
    private const string KeyVariable = "BACKUP_STORAGE_KEY";

    /// <summary>The trivial downloader.</summary>
    public static ToolCommand Download(StorageServer server, string bucket, string nameFile, int transfers) =>
        Run(server.ServiceKey, "download", server.Address.ToString(), bucket, nameFile, transfers.ToString(CultureInfo.InvariantCulture));

    /// <summary>The library's listing from the database.</summary>
    public static ToolCommand ListDatabase(string connectionString, string bucket) =>
        Run(key: null, "list", "database", connectionString, bucket);

    /// <summary>The library's listing over the API.</summary>
    public static ToolCommand ListApi(StorageServer server, string bucket) =>
        Run(server.ServiceKey, "list", "api", server.Address.ToString(), bucket);

    /// <summary>The key that the process was given.</summary>
    public static string ReadKey() => Environment.GetEnvironmentVariable(KeyVariable)
        ?? throw new InvalidOperationException($"{KeyVariable} is not set.");

    private static ToolCommand Run(string? key, params string[] arguments) =>
        new("dotnet", [typeof(OwnPrograms).Assembly.Location, .. arguments])
        {
            Variables = new Dictionary<string, string?> { [KeyVariable] = key },
        };
}

using System.Globalization;
using Backup.TestKit.Storage;
using Backup.TestKit.Tools;

namespace Backup.Core.Peers.Clients;

/// <summary>The commands that run this program itself, measured like any other.</summary>
internal static class OwnPrograms
{
    /// <summary>The trivial downloader.</summary>
    public static ToolCommand Download(StorageServer server, string bucket, string nameFile, int transfers) => Run(
        "download", server.Address.ToString(), server.ServiceKey, bucket, nameFile, transfers.ToString(CultureInfo.InvariantCulture));

    /// <summary>The library's listing from the database.</summary>
    public static ToolCommand ListDatabase(string connectionString, string bucket) =>
        Run("list", "database", connectionString, "none", bucket);

    /// <summary>The library's listing over the API.</summary>
    public static ToolCommand ListApi(StorageServer server, string bucket) =>
        Run("list", "api", server.Address.ToString(), server.ServiceKey, bucket);

    private static ToolCommand Run(params string[] arguments) =>
        new("dotnet", [typeof(OwnPrograms).Assembly.Location, .. arguments]);
}

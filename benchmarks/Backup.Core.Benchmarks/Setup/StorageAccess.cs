using Backup.Core.ObjectStores.SupabaseStorage;
using Backup.TestKit.Storage;

namespace Backup.Core.Benchmarks.Setup;

/// <summary>How a benchmark's process reaches a Storage server that runs beside it.</summary>
internal static class StorageAccess
{
    /// <summary>The bucket of 64 files of 32 to 64 KiB.</summary>
    public const string Files = "files";

    /// <summary>The bucket of 5,000 empty objects in five folders.</summary>
    public const string Names = "names";

    /// <summary>Names the server for the processes to come.</summary>
    public static void Publish(string variable, StorageServer server) =>
        Environment.SetEnvironmentVariable(variable, $"{server.Address} {server.ServiceKey}");

    /// <summary>Opens a client of the server.</summary>
    public static SupabaseStorageStore Open(string variable)
    {
        var words = SharedServers.Read(variable).Split(' ');
        return new SupabaseStorageStore(new SupabaseStorageOptions { Url = new Uri(words[0]), Key = words[1] });
    }
}

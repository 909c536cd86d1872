namespace Backup.TestKit.Tools;

/// <summary>
/// Installs missing tools with apt-get when running as root on Debian or Ubuntu, one process at a time, so that
/// <c>dotnet test</c> sets itself up on a fresh machine or container.
/// </summary>
public static class AptPackages
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(5);

    private static readonly Dictionary<string, string> PackageOf = new(StringComparer.Ordinal)
    {
        ["postgres"] = "postgresql",
        ["psql"] = "postgresql-client",
        ["pg_dump"] = "postgresql-client",
        ["pg_restore"] = "postgresql-client",
        ["unzip"] = "unzip",
        ["7z"] = "p7zip-full",
        ["bsdtar"] = "libarchive-tools",
        ["pgbouncer"] = "pgbouncer",
        ["curl"] = "curl",
        ["jq"] = "jq",
        ["npm"] = "npm",
        ["node"] = "nodejs",
        ["zip"] = "zip",
        ["time"] = "time",
        ["rclone"] = "rclone",
    };

    /// <summary>Whether this process may install packages.</summary>
    public static bool CanInstall =>
        OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && ExternalTool.Find("apt-get") is not null;

    /// <summary>Installs the package that brings <paramref name="tool"/>, unless <paramref name="isPresent"/> by then.</summary>
    /// <exception cref="ToolException">It cannot be installed; the message names the package.</exception>
    public static async Task InstallForAsync(string tool, Func<bool> isPresent, CancellationToken cancellationToken)
    {
        var package = PackageOf.GetValueOrDefault(tool);
        if (package is null || !CanInstall)
        {
            throw new ToolException(
                $"The program '{tool}' is needed and is not in PATH. "
                + (package is null ? "Install it." : $"Install it (Debian, Ubuntu: apt-get install {package})."));
        }

        await using var _ = await FileLock.AcquireAsync(
            Path.Combine(Path.GetTempPath(), "backup-testkit-apt.lock"), TimeLimit, cancellationToken);
        if (isPresent())
        {
            return;
        }

        var attempt = await InstallAsync(package, cancellationToken);
        if (attempt.ExitCode != 0)
        {
            // Fresh containers have no package lists yet.
            (await RunAsync(["update", "-q"], cancellationToken)).EnsureSuccess();
            attempt = await InstallAsync(package, cancellationToken);
        }

        attempt.EnsureSuccess();
    }

    private static Task<ToolResult> InstallAsync(string package, CancellationToken cancellationToken) =>
        RunAsync(["install", "-y", "-q", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120", package], cancellationToken);

    private static Task<ToolResult> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var command = new ToolCommand("apt-get", arguments)
        {
            Variables = new Dictionary<string, string?> { ["DEBIAN_FRONTEND"] = "noninteractive" },
            TimeLimit = TimeLimit,
        };
        return ExternalTool.RunAsync(command, cancellationToken);
    }
}

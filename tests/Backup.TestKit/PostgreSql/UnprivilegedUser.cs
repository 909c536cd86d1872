using Backup.TestKit.Tools;

namespace Backup.TestKit.PostgreSql;

/// <summary>The command prefix that gives up root's rights, because PostgreSQL refuses to run with them.</summary>
internal static class UnprivilegedUser
{
    private static readonly string[] Candidates = ["postgres", "nobody"];

    /// <summary>Words to put before a command; none when this process is not privileged.</summary>
    public static async Task<IReadOnlyList<string>> PrefixAsync(CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return [];
        }

        var user = await FindAsync(cancellationToken);
        if (ExternalTool.Find("setpriv") is { } setpriv)
        {
            return [setpriv, $"--reuid={user}", $"--regid={await GroupAsync(user, cancellationToken)}", "--clear-groups", "--"];
        }

        return ExternalTool.Find("runuser") is { } runuser
            ? [runuser, "-u", user, "--"]
            : throw new ToolException("PostgreSQL must not run as root, and there is neither setpriv nor runuser (package util-linux).");
    }

    private static async Task<string> FindAsync(CancellationToken cancellationToken)
    {
        var users = (await File.ReadAllLinesAsync("/etc/passwd", cancellationToken)).Select(line => line.Split(':')[0]).ToHashSet();
        return Candidates.FirstOrDefault(users.Contains)
            ?? throw new ToolException($"PostgreSQL must not run as root, and there is no user {string.Join(" or ", Candidates)}.");
    }

    private static async Task<string> GroupAsync(string user, CancellationToken cancellationToken) =>
        (await ExternalTool.RunAsync(new ToolCommand("id", "-g", user), cancellationToken)).EnsureSuccess().Output.Trim();
}

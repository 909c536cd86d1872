using System.Diagnostics;
using System.Text;

namespace Backup.TestKit.Tools;

/// <summary>
/// Finds and runs the programs that tests compare with (unzip, 7z, bsdtar, psql, pg_dump, pgbouncer …).
/// A missing program is installed where that is possible and is a failure otherwise, never a skipped test.
/// </summary>
public static class ExternalTool
{
    private static readonly string[] FurtherFolders = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin"];

    /// <summary>Runs a program to its end; any exit code is a result.</summary>
    public static Task<ToolResult> RunAsync(string name, params string[] arguments) =>
        RunAsync(new ToolCommand(name, arguments), CancellationToken.None);

    /// <inheritdoc cref="RunAsync(string, string[])"/>
    /// <exception cref="ToolException">The program is missing or exceeded its time limit.</exception>
    public static async Task<ToolResult> RunAsync(ToolCommand command, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = StartInfo(command, await FindAsync(command.Name, cancellationToken)) };
        using var timeLimit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeLimit.CancelAfter(command.TimeLimit);
        process.Start();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(timeLimit.Token);
            var error = process.StandardError.ReadToEndAsync(timeLimit.Token);
            await WriteInputAsync(process, command.StandardInput, timeLimit.Token);
            await process.WaitForExitAsync(timeLimit.Token);
            return new ToolResult(command, process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ToolException($"'{command}' did not end within {command.TimeLimit}.", exception);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>The full path of a program, installed first if need be and possible.</summary>
    /// <exception cref="ToolException">The program is missing.</exception>
    public static async Task<string> FindAsync(string name, CancellationToken cancellationToken = default)
    {
        if (Find(name) is { } path)
        {
            return path;
        }

        await AptPackages.InstallForAsync(name, () => Find(name) is not null, cancellationToken);
        return Find(name) ?? throw new ToolException($"'{name}' was installed and still is not in PATH.");
    }

    /// <summary>The full path of a program, or <c>null</c> if this machine has none.</summary>
    public static string? Find(string name)
    {
        if (Path.IsPathRooted(name))
        {
            return File.Exists(name) ? name : null;
        }

        var fileName = OperatingSystem.IsWindows() && Path.GetExtension(name).Length == 0 ? name + ".exe" : name;
        return Folders().Select(folder => Path.Combine(folder, fileName)).FirstOrDefault(File.Exists);
    }

    private static IEnumerable<string> Folders() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Concat(OperatingSystem.IsWindows() ? [] : FurtherFolders);

    private static ProcessStartInfo StartInfo(ToolCommand command, string path)
    {
        var info = new ProcessStartInfo(path, command.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = command.WorkingDirectory ?? "",
            UseShellExecute = false,
        };
        foreach (var (key, value) in command.Variables)
        {
            info.Environment[key] = value;
        }

        return info;
    }

    private static async Task WriteInputAsync(Process process, string text, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.WriteAsync(text.AsMemory(), cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended without reading its input: its exit code tells whether that was right.
        }
    }
}

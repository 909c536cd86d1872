using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Backup.Core.IntegrationTests.Cli;

/// <summary>The built tool as a process of its own: the way people and scripts run it.</summary>
internal sealed partial class ToolProcess : IAsyncDisposable
{
    /// <summary>SIGINT, what Ctrl-C sends.</summary>
    public const int Interrupt = 2;

    /// <summary>SIGTERM, what service managers and containers send.</summary>
    public const int Terminate = 15;

    // The path of a published program to test in place of the built one.
    private const string NativeToolVariable = "BACKUP_CORE_TOOL";

    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly StringBuilder _error = new();
    private readonly Task<string> _output;
    private readonly CancellationTokenSource _timeLimit = new(TimeLimit);

    private ToolProcess(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
    }

    /// <summary>The words that start the tool: the published program that is to be tested, or dotnet with the built one.</summary>
    public static IReadOnlyList<string> Program { get; } = Environment.GetEnvironmentVariable(NativeToolVariable) is { Length: > 0 } native
        ? [native]
        : [Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", Path.Combine(AppContext.BaseDirectory, "backup-core.dll")];

    /// <summary>Runs the tool to its end.</summary>
    public static Task<ToolRun> RunAsync(params string[] arguments) => RunAsync(new Dictionary<string, string?>(), arguments);

    /// <summary>Runs the tool to its end with further environment variables.</summary>
    public static async Task<ToolRun> RunAsync(Dictionary<string, string?> variables, params string[] arguments)
    {
        await using var tool = Start(variables, arguments);
        return await tool.EndAsync();
    }

    /// <summary>Starts the tool.</summary>
    public static ToolProcess Start(Dictionary<string, string?> variables, params string[] arguments)
    {
        string[] command = [.. Program, .. arguments];
        if (OperatingSystem.IsLinux())
        {
            // Whatever runs the tests in the background lets its children ignore Ctrl-C, and a process keeps that.
            command = ["env", "--default-signal=INT", .. command];
        }

        var info = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        info.Environment.Remove("BACKUP_DATABASE");
        info.Environment.Remove("BACKUP_STORAGE_KEY");
        foreach (var (name, value) in variables)
        {
            info.Environment[name] = value;
        }

        return new ToolProcess(Process.Start(info)!);
    }

    /// <summary>The process's number.</summary>
    public int Id => _process.Id;

    /// <summary>Whether the process has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Waits until stderr has a line that begins with a text.</summary>
    public async Task WaitForLineAsync(string start)
    {
        while (await _process.StandardError.ReadLineAsync(_timeLimit.Token) is { } line)
        {
            _error.Append(line).Append('\n');
            if (line.StartsWith(start, StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail($"The tool ended without a line '{start}…':\n{_error}\n{await _output}");
    }

    /// <summary>Sends a signal.</summary>
    public void Signal(int signal) => Assert.Equal(0, Kill(_process.Id, signal));

    /// <summary>Ends the process without a chance to clean up: kill -9.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Waits for the end.</summary>
    public async Task<ToolRun> EndAsync()
    {
        _error.Append(await _process.StandardError.ReadToEndAsync(_timeLimit.Token));
        var output = await _output.WaitAsync(_timeLimit.Token);
        await _process.WaitForExitAsync(_timeLimit.Token);
        return new ToolRun(_process.ExitCode, output, _error.ToString());
    }

    public ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
        _timeLimit.Dispose();
        return ValueTask.CompletedTask;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}

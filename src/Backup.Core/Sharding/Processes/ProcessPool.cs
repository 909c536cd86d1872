using System.ComponentModel;
using System.Diagnostics;
using Backup.Core.Errors;
using Backup.Core.Sharding.Coordination;

namespace Backup.Core.Sharding.Processes;

/// <summary>Workers that are processes of this machine.</summary>
internal sealed class ProcessPool(WorkerProcessOptions options) : WorkerPool
{
    /// <inheritdoc/>
    public override int Count => options.Count;

    /// <inheritdoc/>
    public override async Task<WorkerLink> StartAsync(int number, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var link = new ProcessLink(Start(number), number, options.StartTimeout);
        try
        {
            await link.GreetAsync(cancellationToken).ConfigureAwait(false);
            return link;
        }
        catch
        {
            await link.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private Process Start(int number)
    {
        var info = new ProcessStartInfo(options.FileName, options.Arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var (name, value) in options.Environment)
        {
            info.Environment[name] = value;
        }

        try
        {
            return Process.Start(info) ?? throw new InvalidOperationException("No process was started.");
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException or PlatformNotSupportedException)
        {
            throw new WorkerException($"Worker {number} could not be started: {exception.Message}", exception)
            {
                Subject = options.FileName,
                Hint = "See that the program is there and may be run, and that the machine lets another process start.",
            };
        }
    }
}

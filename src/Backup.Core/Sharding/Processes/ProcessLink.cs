using System.Diagnostics;
using Backup.Core.Errors;
using Backup.Core.Pipeline;
using Backup.Core.Sharding.Coordination;
using Backup.Core.Sharding.Execution;

namespace Backup.Core.Sharding.Processes;

/// <summary>The way to a worker process, over its standard input and output. When its input is closed it takes back what it writes and ends.</summary>
internal sealed class ProcessLink : WorkerLink
{
    private readonly Process _process;
    private readonly int _number;
    private readonly TimeSpan _limit;
    private readonly MessageStream _messages;

    /// <summary>Takes over a process that was started.</summary>
    /// <param name="process">The process.</param>
    /// <param name="number">The worker's number.</param>
    /// <param name="limit">How long it may take to be ready, and to end.</param>
    public ProcessLink(Process process, int number, TimeSpan limit)
    {
        _process = process;
        _number = number;
        _limit = limit;
        _messages = new MessageStream(process.StandardOutput.BaseStream, process.StandardInput.BaseStream);
    }

    /// <summary>Waits until the process is ready.</summary>
    /// <exception cref="WorkerException">It ended, took too long, or is of another version.</exception>
    public async Task GreetAsync(CancellationToken cancellationToken)
    {
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        cut.CancelAfter(_limit);
        try
        {
            var first = await ReceiveAsync(cut.Token).ConfigureAwait(false);
            if (first.Ready != BackupRun.Program)
            {
                throw Fault($"is {first.Ready ?? "no worker"}, where {BackupRun.Program} is needed");
            }
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw Fault($"was not ready within {_limit.TotalSeconds:0.###} s", exception);
        }
    }

    /// <inheritdoc/>
    public override async Task<ShardAnswer> ExecuteAsync(ShardOrder order, ShardCalls calls, CancellationToken cancellationToken)
    {
        await SendAsync(new WorkerMessage { Order = order }, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var message = await ReceiveAsync(cancellationToken).ConfigureAwait(false);
            switch (message)
            {
                case { Wants: NumberedFile.Volume }:
                    var volume = await calls.NextVolumeAsync(cancellationToken).ConfigureAwait(false);
                    await SendAsync(new WorkerMessage { Number = volume }, cancellationToken).ConfigureAwait(false);
                    break;
                case { Wants: NumberedFile.IndexPart }:
                    var part = await calls.NextIndexPartAsync(cancellationToken).ConfigureAwait(false);
                    await SendAsync(new WorkerMessage { Number = part }, cancellationToken).ConfigureAwait(false);
                    break;
                case { Counts: { } counts }:
                    await calls.ReportAsync(counts, cancellationToken).ConfigureAwait(false);
                    break;
                case { Result: { } result }:
                    return new ShardAnswer(result, null);
                case { Fault: { } fault }:
                    return new ShardAnswer(null, fault);
                default:
                    throw Fault("sent a message that none was waited for");
            }
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already.
        }

        using var limit = new CancellationTokenSource(_limit);
        try
        {
            await _process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        }

        _messages.Dispose();
        _process.Dispose();
    }

    private async ValueTask SendAsync(WorkerMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await _messages.SendAsync(message, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException exception)
        {
            throw Fault("takes no more messages", exception);
        }
    }

    private async ValueTask<WorkerMessage> ReceiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _messages.ReceiveAsync(cancellationToken).ConfigureAwait(false) ?? throw Fault("has ended");
        }
        catch (IOException exception)
        {
            throw Fault("cannot be read from", exception);
        }
    }

    private WorkerException Fault(string what, Exception? cause = null) => new($"worker process {_process.Id} {what}.", cause)
    {
        Subject = $"worker {_number}",
        Hint = "See what it wrote to standard error, and whether the system ended it for want of memory.",
    };
}

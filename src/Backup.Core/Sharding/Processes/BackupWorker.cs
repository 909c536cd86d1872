using System.Threading.Channels;
using Backup.Core.Compression;
using Backup.Core.Errors;
using Backup.Core.Pipeline;
using Backup.Core.Pipeline.Distribution;
using Backup.Core.Sharding.Execution;

namespace Backup.Core.Sharding.Processes;

/// <summary>A worker process: copies parts of the rows and objects of runs whose coordinator is another process. Made by
/// <see cref="WorkerProcesses.BuildWorker"/>.</summary>
/// <remarks>How it works comes with each part; what it reads and where it writes to is its own pipeline's.</remarks>
public sealed class BackupWorker
{
    private readonly PipelineParts _parts;
    private readonly ICompressor? _compressor;

    internal BackupWorker(PipelineParts parts, ICompressor? compressor)
    {
        _parts = parts;
        _compressor = compressor;
    }

    /// <summary>Works until the coordinator closes the input, or is gone. What is not finished then is taken back.</summary>
    /// <param name="input">What the coordinator sends: as a rule the standard input.</param>
    /// <param name="output">What goes back to it: as a rule the standard output, to which nothing else may write.</param>
    /// <param name="cancellationToken">Ends the work in the same way.</param>
    /// <returns>A task that ends with the work. A part that fails is the coordinator's to judge, and does not end it.</returns>
    /// <exception cref="WorkerException">What came in is no message of a coordinator.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task RunAsync(Stream input, Stream output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        using var messages = new MessageStream(input, output);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var orders = Channel.CreateBounded<ShardOrder>(1);
        var numbers = Channel.CreateBounded<int>(1);
        await messages.SendAsync(new WorkerMessage { Ready = BackupRun.Program }, cancellationToken).ConfigureAwait(false);
        var receiving = ReceiveAsync(messages, orders.Writer, numbers.Writer, end);
        try
        {
            await foreach (var order in orders.Reader.ReadAllAsync(end.Token).ConfigureAwait(false))
            {
                var answer = await ExecuteAsync(order, new Calls(messages, numbers.Reader), end.Token).ConfigureAwait(false);
                await messages.SendAsync(answer, end.Token).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            // The coordinator is gone, or has no more to do.
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        await receiving.ConfigureAwait(false);
    }

    private async Task<WorkerMessage> ExecuteAsync(ShardOrder order, Calls calls, CancellationToken cancellationToken)
    {
        try
        {
            var parts = _parts with { Compressor = _compressor ?? Compressors.Create(order.Options.Codec, order.Options.Level) };
            return new WorkerMessage { Result = await ShardRun.ExecuteAsync(parts, order, calls, cancellationToken).ConfigureAwait(false) };
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return new WorkerMessage { Fault = ShardFault.Of(exception) };
        }
    }

    // Ends the work when the coordinator does, whatever the worker is busy with.
    private static async Task ReceiveAsync(
        MessageStream messages, ChannelWriter<ShardOrder> orders, ChannelWriter<int> numbers, CancellationTokenSource end)
    {
        try
        {
            while (await messages.ReceiveAsync(end.Token).ConfigureAwait(false) is { } message)
            {
                if (message.Order is { } order)
                {
                    await orders.WriteAsync(order, end.Token).ConfigureAwait(false);
                }
                else if (message.Number is { } number)
                {
                    await numbers.WriteAsync(number, end.Token).ConfigureAwait(false);
                }
                else
                {
                    throw new WorkerException("A message of the coordinator is neither an order nor a number.");
                }
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The work has ended first.
        }
        finally
        {
            if (!end.IsCancellationRequested)
            {
                await end.CancelAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>The coordinator at the other end.</summary>
    private sealed class Calls(MessageStream messages, ChannelReader<int> numbers) : ShardCalls
    {
        /// <inheritdoc/>
        public override ValueTask<int> NextVolumeAsync(CancellationToken cancellationToken) => AskAsync(NumberedFile.Volume, cancellationToken);

        /// <inheritdoc/>
        public override ValueTask<int> NextIndexPartAsync(CancellationToken cancellationToken) => AskAsync(NumberedFile.IndexPart, cancellationToken);

        /// <inheritdoc/>
        public override ValueTask ReportAsync(WorkerCounts counts, CancellationToken cancellationToken) =>
            messages.SendAsync(new WorkerMessage { Counts = counts }, cancellationToken);

        private async ValueTask<int> AskAsync(NumberedFile file, CancellationToken cancellationToken)
        {
            await messages.SendAsync(new WorkerMessage { Wants = file }, cancellationToken).ConfigureAwait(false);
            return await numbers.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}

using Microsoft.AspNetCore.Http;

namespace Backup.TestKit.Storage.Protocol;

/// <summary>Sends bodies, and breaks them where a fault says so.</summary>
internal sealed class ResponseBody(Fault? fault, TimeProvider clock, CancellationToken stopped)
{
    private const int BlockBytes = 64 * 1024;

    /// <summary>Sends a range of a content as the body; the status and the other headers are set.</summary>
    public async Task SendAsync(HttpContext context, StoredContent content, long offset, long length, bool isHead)
    {
        var announced = Math.Max(0, length + (fault?.LengthDifference ?? 0));
        context.Response.Headers.ContentLength = announced;
        if (fault?.ETagToSend is { } eTag && context.Response.Headers.ContainsKey("etag"))
        {
            context.Response.Headers.ETag = eTag;
        }

        if (isHead)
        {
            return;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopped);
        var sent = Math.Min(length, announced);
        var broken = fault?.EndsAfterBytes is { } limit && limit < sent ? limit : (long?)null;
        await WriteAsync(context, content, offset, broken ?? sent, ended.Token);
        if (broken is null && announced == sent)
        {
            return;
        }

        await context.Response.Body.FlushAsync(ended.Token);
        if (broken is not null && fault!.End == FaultyEnd.Stall)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, ended.Token);
        }

        // Otherwise Kestrel sends what there is and closes the connection, for less was written than announced.
        if (broken is not null && fault!.End == FaultyEnd.Reset)
        {
            context.Abort();
        }
    }

    private async Task WriteAsync(HttpContext context, StoredContent content, long offset, long length, CancellationToken cancellationToken)
    {
        var block = new byte[(int)Math.Min(fault?.TrickleBytes ?? BlockBytes, Math.Max(1, length))];
        for (long written = 0; written < length;)
        {
            var bytes = (int)Math.Min(block.Length, length - written);
            content.Read(offset + written, block.AsSpan(0, bytes));
            await context.Response.Body.WriteAsync(block.AsMemory(0, bytes), cancellationToken);
            written += bytes;
            if (fault?.TrickleBytes is not null)
            {
                await context.Response.Body.FlushAsync(cancellationToken);
                await Task.Delay(fault.TricklePause, clock, cancellationToken);
            }
        }
    }
}

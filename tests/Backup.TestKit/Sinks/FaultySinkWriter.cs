using Backup.Core.Sinks;

namespace Backup.TestKit.Sinks;

/// <summary>The writer of a <see cref="FaultySink"/>.</summary>
internal sealed class FaultySinkWriter(FaultySink sink, string name, SinkWriter inner) : SinkWriter
{
    private bool _isCommitted;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var after = sink.Enter(SinkOperation.Write, name);
        await inner.WriteAsync(buffer, cancellationToken);
        if (after is not null)
        {
            throw after;
        }
    }

    public override async ValueTask CommitAsync(CancellationToken cancellationToken = default)
    {
        var after = sink.Enter(SinkOperation.Commit, name);
        await inner.CommitAsync(cancellationToken);
        _isCommitted = true;
        if (after is not null)
        {
            throw after;
        }
    }

    /// <summary>Aborts. A scripted fault is counted but not thrown: disposing never throws for a failed abort.</summary>
    public override async ValueTask DisposeAsync()
    {
        if (!_isCommitted)
        {
            try
            {
                _ = sink.Enter(SinkOperation.Abort, name);
            }
            catch (Backup.Core.Errors.SinkException)
            {
                // The medium could not take the abort; the object stays invisible all the same.
            }
        }

        await inner.DisposeAsync();
    }
}

using Backup.Core.Errors;

namespace Backup.Core.Sinks;

/// <summary>Collects the bytes of one object of an <see cref="InMemorySink"/>.</summary>
internal sealed class InMemorySinkWriter(InMemorySink sink, string name) : SinkWriter
{
    private readonly MemoryStream _bytes = new();
    private bool _isClosed;

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        cancellationToken.ThrowIfCancellationRequested();
        if (buffer.Length > Array.MaxLength - _bytes.Length)
        {
            throw new SinkException($"'{name}' is larger than the {Array.MaxLength} bytes that an object in memory can have.")
            {
                Subject = name,
                Hint = "Set a volume size, or keep the backup in a folder.",
            };
        }

        _bytes.Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask CommitAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        cancellationToken.ThrowIfCancellationRequested();
        sink.Publish(name, _bytes.ToArray());
        _isClosed = true;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _isClosed = true;
        return _bytes.DisposeAsync();
    }
}

using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Backup.Core.Errors;

namespace Backup.Core.Sinks;

/// <summary>Keeps objects in memory: for tests, and for backups small enough to be handed on as bytes.</summary>
/// <remarks>All members may be called from several threads at once.</remarks>
public sealed class InMemorySink : IBackupSink
{
    private readonly ConcurrentDictionary<string, byte[]> _objects = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public SinkCapabilities Capabilities { get; } = new()
    {
        Location = "memory",
        IsDurable = false,
        MaxObjectBytes = Array.MaxLength,
    };

    /// <inheritdoc/>
    public ValueTask<SinkWriter> CreateAsync(string name, CancellationToken cancellationToken = default)
    {
        SinkObjectName.ThrowIfInvalid(name);
        cancellationToken.ThrowIfCancellationRequested();
        if (_objects.ContainsKey(name))
        {
            throw Exists(name);
        }

        return ValueTask.FromResult<SinkWriter>(new InMemorySinkWriter(this, name));
    }

    /// <inheritdoc/>
    public ValueTask<Stream> OpenReadAsync(
        string name, long offset = 0, long? length = null, CancellationToken cancellationToken = default)
    {
        SinkObjectName.ThrowIfInvalid(name);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length ?? 0, nameof(length));
        cancellationToken.ThrowIfCancellationRequested();
        if (!_objects.TryGetValue(name, out var bytes))
        {
            throw new SinkException($"There is no '{name}' in {Capabilities.Location}.") { Subject = name, IsNotFound = true };
        }

        var start = (int)Math.Min(offset, bytes.Length);
        var count = (int)Math.Min(length ?? long.MaxValue, bytes.Length - start);
        return ValueTask.FromResult<Stream>(new MemoryStream(bytes, start, count, writable: false));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SinkObject> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        var names = _objects.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).ToArray();
        Array.Sort(names, StringComparer.Ordinal);
        foreach (var name in names)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_objects.TryGetValue(name, out var bytes))
            {
                yield return new SinkObject(name, bytes.Length);
            }
        }

        await ValueTask.CompletedTask.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string name, CancellationToken cancellationToken = default)
    {
        SinkObjectName.ThrowIfInvalid(name);
        cancellationToken.ThrowIfCancellationRequested();
        _objects.TryRemove(name, out _);
        return ValueTask.CompletedTask;
    }

    internal void Publish(string name, byte[] bytes)
    {
        if (!_objects.TryAdd(name, bytes))
        {
            throw Exists(name);
        }
    }

    private SinkException Exists(string name) =>
        new($"'{name}' exists already in {Capabilities.Location}; objects are never overwritten.")
        {
            Subject = name,
            IsAlreadyExists = true,
        };
}

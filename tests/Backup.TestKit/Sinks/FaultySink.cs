using System.Runtime.CompilerServices;
using Backup.Core.Errors;
using Backup.Core.Sinks;

namespace Backup.TestKit.Sinks;

/// <summary>Hands calls on to another sink and lets scripted ones fail. Counts all of them. Safe for several threads.</summary>
/// <remarks>
/// A fault strikes before the call reaches the sink behind, except at <see cref="FailAfter"/>, which lets the call succeed
/// and then says that it failed: what a lost answer looks like.
/// </remarks>
public sealed class FaultySink(IBackupSink inner) : IBackupSink
{
    private readonly Lock _lock = new();
    private readonly List<Fault> _faults = [];
    private readonly Dictionary<SinkOperation, int> _counts = [];
    private readonly List<string> _calls = [];
    private int _total;
    private int _failAtTotal = int.MaxValue;

    /// <summary>The sink behind.</summary>
    public IBackupSink Inner => inner;

    public SinkCapabilities Capabilities => inner.Capabilities;

    /// <summary>How many calls of all kinds there were.</summary>
    public int TotalCalls
    {
        get
        {
            lock (_lock)
            {
                return _total;
            }
        }
    }

    /// <summary>Each call in order, as <c>Commit 2026…/volume-0001.zip</c>.</summary>
    public IReadOnlyList<string> Calls
    {
        get
        {
            lock (_lock)
            {
                return [.. _calls];
            }
        }
    }

    /// <summary>How many calls of one kind there were.</summary>
    public int CountOf(SinkOperation operation)
    {
        lock (_lock)
        {
            return _counts.GetValueOrDefault(operation);
        }
    }

    /// <summary>Lets the n-th call of a kind fail, counted from 1 over the sink's life; later ones succeed.</summary>
    public FaultySink FailAt(SinkOperation operation, int call, Func<Exception>? fault = null) =>
        Add(new Fault(operation, call, call, IsAfter: false, string.Empty, fault));

    /// <summary>Lets the n-th call of a kind fail, and all that follow.</summary>
    public FaultySink FailFrom(SinkOperation operation, int call, Func<Exception>? fault = null) =>
        Add(new Fault(operation, call, int.MaxValue, IsAfter: false, string.Empty, fault));

    /// <summary>Lets all calls of a kind fail whose object name ends in a text.</summary>
    public FaultySink FailOn(SinkOperation operation, string nameSuffix, Func<Exception>? fault = null) =>
        Add(new Fault(operation, 1, int.MaxValue, IsAfter: false, nameSuffix, fault));

    /// <summary>Lets the n-th call of a kind do its work and fail nevertheless.</summary>
    public FaultySink FailAfter(SinkOperation operation, int call, Func<Exception>? fault = null) =>
        Add(new Fault(operation, call, call, IsAfter: true, string.Empty, fault));

    /// <summary>Lets the n-th call of any kind fail, and all that follow: the medium is gone.</summary>
    public FaultySink BreakAt(int call)
    {
        lock (_lock)
        {
            _failAtTotal = call;
        }

        return this;
    }

    /// <summary>Lets everything succeed from now on; counts go on.</summary>
    public void Heal()
    {
        lock (_lock)
        {
            _faults.Clear();
            _failAtTotal = int.MaxValue;
        }
    }

    public async ValueTask<SinkWriter> CreateAsync(string name, CancellationToken cancellationToken = default)
    {
        var after = Enter(SinkOperation.Create, name);
        var writer = await inner.CreateAsync(name, cancellationToken);
        if (after is not null)
        {
            await writer.DisposeAsync();
            throw after;
        }

        return new FaultySinkWriter(this, name, writer);
    }

    public async ValueTask<Stream> OpenReadAsync(
        string name, long offset = 0, long? length = null, CancellationToken cancellationToken = default)
    {
        var after = Enter(SinkOperation.Open, name);
        var stream = await inner.OpenReadAsync(name, offset, length, cancellationToken);
        if (after is not null)
        {
            await stream.DisposeAsync();
            throw after;
        }

        return new FaultySinkReadStream(this, name, stream);
    }

    public async IAsyncEnumerable<SinkObject> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var after = Enter(SinkOperation.List, prefix);
        await foreach (var item in inner.ListAsync(prefix, cancellationToken))
        {
            yield return item;
        }

        if (after is not null)
        {
            throw after;
        }
    }

    public async ValueTask DeleteAsync(string name, CancellationToken cancellationToken = default)
    {
        var after = Enter(SinkOperation.Delete, name);
        await inner.DeleteAsync(name, cancellationToken);
        if (after is not null)
        {
            throw after;
        }
    }

    /// <summary>Counts a call; throws the fault that strikes before it, or returns the one that strikes after it.</summary>
    internal Exception? Enter(SinkOperation operation, string name)
    {
        Fault? struck;
        lock (_lock)
        {
            var call = _counts[operation] = _counts.GetValueOrDefault(operation) + 1;
            _calls.Add($"{operation} {name}");
            _total++;
            if (_total >= _failAtTotal)
            {
                throw Default(operation, name);
            }

            struck = _faults.Find(fault =>
                fault.Operation == operation
                && call >= fault.First
                && call <= fault.Last
                && name.EndsWith(fault.NameSuffix, StringComparison.Ordinal));
        }

        if (struck is null)
        {
            return null;
        }

        var exception = struck.Create?.Invoke() ?? Default(operation, name);
        return struck.IsAfter ? exception : throw exception;
    }

    private static SinkException Default(SinkOperation operation, string name) =>
        new($"{operation} of '{name}' failed, as the test asked.") { Subject = name };

    private FaultySink Add(Fault fault)
    {
        lock (_lock)
        {
            _faults.Add(fault);
        }

        return this;
    }

    private sealed record Fault(
        SinkOperation Operation, int First, int Last, bool IsAfter, string NameSuffix, Func<Exception>? Create);
}

namespace Backup.TestKit.Storage;

/// <summary>The faults that strike a <see cref="StorageServer"/>'s requests. Thread-safe.</summary>
/// <remarks>All code to be run is run first, in the order of the rules; then the first other fault strikes.</remarks>
public sealed class FaultPlan
{
    private readonly Lock _lock = new();
    private readonly List<Rule> _rules = [];

    /// <summary>Adds a fault.</summary>
    /// <param name="match">Which requests it may strike; see <see cref="StorageCall"/>.</param>
    /// <param name="fault">The fault.</param>
    /// <param name="first">Which matching request is the first that it strikes, counted from 1 and from now.</param>
    /// <param name="times">How many it strikes.</param>
    public FaultPlan Add(Func<StorageRequest, bool> match, Fault fault, int first = 1, int times = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(match);
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentOutOfRangeException.ThrowIfLessThan(first, 1);
        lock (_lock)
        {
            _rules.Add(new Rule(match, fault, first, times));
        }

        return this;
    }

    /// <summary>Removes all faults.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _rules.Clear();
        }
    }

    /// <summary>The faults that strike a request, which is counted.</summary>
    internal IReadOnlyList<Fault> Strike(StorageRequest request)
    {
        lock (_lock)
        {
            return [.. _rules.Where(rule => rule.IsStruck(request)).Select(rule => rule.Fault)];
        }
    }

    private sealed class Rule(Func<StorageRequest, bool> match, Fault fault, int first, int times)
    {
        private int _matches;

        public Fault Fault => fault;

        public bool IsStruck(StorageRequest request)
        {
            if (!match(request))
            {
                return false;
            }

            _matches++;
            return _matches >= first && _matches - first < times;
        }
    }
}

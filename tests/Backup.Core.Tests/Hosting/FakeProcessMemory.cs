using Backup.Core.Hosting;

namespace Backup.Core.Tests.Hosting;

/// <summary>A process that takes as much memory as a test says.</summary>
internal sealed class FakeProcessMemory : ProcessMemory
{
    private long _workingSet;
    private int _compactions;

    public long Taken
    {
        get => Interlocked.Read(ref _workingSet);
        set => Interlocked.Exchange(ref _workingSet, value);
    }

    public int Compactions => Volatile.Read(ref _compactions);

    public override long WorkingSetBytes => Taken;

    public override long ManagedBytes => Taken / 2;

    public override void Compact() => Interlocked.Increment(ref _compactions);
}

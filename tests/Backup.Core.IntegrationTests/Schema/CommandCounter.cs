using System.Diagnostics;

namespace Backup.Core.IntegrationTests.Schema;

/// <summary>Counts the commands that Npgsql runs for the current test, from its traces; other tests run at the same time.</summary>
internal sealed class CommandCounter : IDisposable
{
    private readonly ActivityListener _listener;
    private readonly Activity _root = new Activity(nameof(CommandCounter)).SetIdFormat(ActivityIdFormat.W3C).Start();
    private long _count;

    public CommandCounter()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = Add,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public long Count => Interlocked.Read(ref _count);

    public void Dispose()
    {
        _listener.Dispose();
        _root.Dispose();
    }

    private void Add(Activity activity)
    {
        if (activity.TraceId == _root.TraceId)
        {
            Interlocked.Increment(ref _count);
        }
    }
}

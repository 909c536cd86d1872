using Backup.Core.Errors;

namespace Backup.Core.Pipeline.Stages.Objects;

/// <summary>
/// Ends a run whose store has gone: every object would otherwise wait out all its attempts, one after another, for hours. For any
/// number of threads.
/// </summary>
/// <param name="counts">Tells whether bytes still come.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class StoreSilence(ObjectCounts counts, TimeProvider timeProvider)
{
    // Longer than a server takes to be started anew.
    private static readonly TimeSpan MaxSilence = TimeSpan.FromMinutes(10);

    // The answer for an object whose bytes are lost is this one, and says nothing of the others.
    private const int InternalError = 500;

    private readonly Lock _gate = new();
    private long? _since;
    private long _receivedBytes;

    /// <summary>Says that the store has given what it was asked for, or a definite answer.</summary>
    public void End()
    {
        lock (_gate)
        {
            _since = null;
        }
    }

    /// <summary>Counts a download that failed.</summary>
    /// <exception cref="ObjectStoreException">For too long nothing has come but failures that a store that is down gives.</exception>
    public void Add(ObjectStoreException failure)
    {
        if (!failure.IsTransient || failure.Error != ObjectStoreError.Unavailable || failure.Status == InternalError)
        {
            End();
            return;
        }

        lock (_gate)
        {
            var now = timeProvider.GetTimestamp();
            if (_since is not { } since || counts.ReceivedBytes != _receivedBytes)
            {
                _since = now;
                _receivedBytes = counts.ReceivedBytes;
            }
            else if (timeProvider.GetElapsedTime(since, now) >= MaxSilence)
            {
                throw Gone(failure);
            }
        }
    }

    private static ObjectStoreException Gone(ObjectStoreException last) =>
        new($"The store has given nothing for {MaxSilence.TotalMinutes:0} minutes: {last.Message}", last)
        {
            Error = last.Error,
            Status = last.Status,
            Code = last.Code,
            Subject = last.Subject,
            IsTransient = true,
            Hint = "Nothing was committed: run the backup again once the store answers.",
        };
}

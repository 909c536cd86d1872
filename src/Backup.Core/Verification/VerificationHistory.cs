using System.Collections.Concurrent;

namespace Backup.Core.Verification;

/// <summary>Remembers, in memory, how the last verification of each location ended. Safe for several threads; one for a process.</summary>
/// <remarks>A <see cref="BackupVerifier"/> that is given it reports by itself. What another process found, such as the tool
/// <c>backup-core</c> in a scheduled job, has to be reported to it by the host.</remarks>
public sealed class VerificationHistory
{
    private readonly ConcurrentDictionary<string, LastVerification> _last = new(StringComparer.Ordinal);

    /// <summary>Finds the last verification of a backup in a location.</summary>
    /// <param name="location">The location, as the sink's capabilities name it.</param>
    /// <returns>How it ended; <see langword="null"/> when there was none.</returns>
    public LastVerification? Find(string location) => _last.GetValueOrDefault(location);

    /// <summary>Remembers a verification, unless a later one is known.</summary>
    /// <param name="location">The location, as the sink's capabilities name it.</param>
    /// <param name="verification">How it ended.</param>
    public void Report(string location, LastVerification verification)
    {
        ArgumentNullException.ThrowIfNull(location);
        ArgumentNullException.ThrowIfNull(verification);
        _last.AddOrUpdate(
            location,
            static (_, added) => added,
            static (_, known, added) => added.EndedAt >= known.EndedAt ? added : known,
            verification);
    }
}

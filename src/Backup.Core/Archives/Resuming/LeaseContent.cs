using Backup.Core.Hosting;

namespace Backup.Core.Archives.Resuming;

/// <summary>The content of one <c>lease-NNNN.json</c>.</summary>
/// <param name="Owner">Who holds the run, for people: host, process and a random number.</param>
/// <param name="Until">Until when it does, unless it says so anew.</param>
/// <param name="Process">The owner's <see cref="ProcessIdentity"/>; <see langword="null"/> where its system does not say.</param>
internal sealed record LeaseContent(string Owner, DateTimeOffset Until, string? Process = null)
{
    /// <summary>Whether the owner may still be writing: it has time left, and is not a process of this system that has ended.</summary>
    public bool IsAlive(DateTimeOffset now) => Until > now && !ProcessIdentity.HasEnded(Process);
}

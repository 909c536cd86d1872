using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Backup.Core.Hosting;

namespace Backup.Core.Archives.Resuming;

/// <summary>The content of one <c>lease-NNNN.json</c>.</summary>
/// <param name="Owner">Who holds the run, for people: host, process and a random number.</param>
/// <param name="Until">Until when it does, unless it says so anew.</param>
/// <param name="Process">The owner's <see cref="ProcessIdentity"/>; <see langword="null"/> where its system does not say.</param>
/// <param name="Needs">The backups that the run builds on, which nobody may remove while it is alive; <see langword="null"/> for none.</param>
internal sealed record LeaseContent(string Owner, DateTimeOffset Until, string? Process = null, IReadOnlyList<BackupId>? Needs = null)
{
    private const int RandomDigits = 8;

    /// <summary>Names this process, and this one of its leases.</summary>
    public static string NewOwner()
    {
        var random = RandomNumberGenerator.GetHexString(RandomDigits, lowercase: true);
        return string.Create(CultureInfo.InvariantCulture, $"{Dns.GetHostName()}/{Environment.ProcessId}/{random}");
    }

    /// <summary>Whether the owner may still be writing: it has time left, and is not a process of this system that has ended.</summary>
    public bool IsAlive(DateTimeOffset now) => Until > now && !ProcessIdentity.HasEnded(Process);
}

using System.Collections.Concurrent;
using Backup.Core.Errors;
using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;

namespace Backup.Core.Restore;

/// <summary>Makes what comes after the rows and remembers what could not be made. Safe for several threads.</summary>
internal sealed class EntryMaker(RestoreContext context)
{
    private readonly ConcurrentDictionary<int, string> _failed = new();

    /// <summary>Makes an entry, or notes its failure.</summary>
    /// <returns>Whether it was made.</returns>
    /// <exception cref="RestoreException">It failed and the request stops at the first error.</exception>
    /// <exception cref="DatabaseException">The connection was lost.</exception>
    public async Task<bool> MakeAsync(TargetSession session, TocEntry entry, CancellationToken cancellationToken)
    {
        if (await EntryRunner.RunAsync(session, entry, context, cancellationToken).ConfigureAwait(false))
        {
            return true;
        }

        _failed[entry.Id] = RestoreNames.WithKind(entry);
        return false;
    }

    /// <summary>Makes entries one after another, but for those that need what failed.</summary>
    /// <inheritdoc cref="MakeAsync(TargetSession, TocEntry, CancellationToken)"/>
    public async Task MakeInOrderAsync(TargetSession session, IEnumerable<TocEntry> entries, CancellationToken cancellationToken)
    {
        foreach (var message in EntryRunner.Cut(entries, context))
        {
            if (message.Count > 1
                && !message.Any(entry => entry.DependsOn.Any(_failed.ContainsKey))
                && await EntryRunner.TryRunTogetherAsync(session, message, context, cancellationToken).ConfigureAwait(false))
            {
                continue;
            }

            foreach (var entry in message)
            {
                if (entry.DependsOn.FirstOrDefault(_failed.ContainsKey) is var need and not 0)
                {
                    GiveUp(entry, _failed[need]);
                }
                else
                {
                    await MakeAsync(session, entry, cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    /// <summary>Makes entries that need nothing of one another.</summary>
    /// <returns>Whether each was made, in their order.</returns>
    /// <inheritdoc cref="MakeAsync(TargetSession, TocEntry, CancellationToken)"/>
    public async Task<IReadOnlyList<bool>> MakeAsync(
        TargetSession session, IReadOnlyList<TocEntry> entries, CancellationToken cancellationToken)
    {
        if (entries.Count > 1 && await EntryRunner.TryRunTogetherAsync(session, entries, context, cancellationToken).ConfigureAwait(false))
        {
            return [.. Enumerable.Repeat(true, entries.Count)];
        }

        var made = new List<bool>(entries.Count);
        foreach (var entry in entries)
        {
            made.Add(await MakeAsync(session, entry, cancellationToken).ConfigureAwait(false));
        }

        return made;
    }

    /// <summary>Notes entries that cannot be made for want of another.</summary>
    /// <exception cref="RestoreException">The request stops at the first error.</exception>
    public void GiveUp(IReadOnlyList<TocEntry> lost, TocEntry cause)
    {
        foreach (var entry in lost)
        {
            GiveUp(entry, RestoreNames.WithKind(cause));
        }
    }

    private void GiveUp(TocEntry entry, string cause)
    {
        _failed[entry.Id] = cause;
        EntryRunner.Fail(
            context,
            new RestoreFailure
            {
                Kind = entry.Kind,
                Subject = RestoreNames.Of(entry),
                Reason = $"It needs {cause}, which could not be made.",
                Statement = TocKinds.IsConfidential(entry.Kind) ? null : entry.Create,
            },
            null);
    }
}

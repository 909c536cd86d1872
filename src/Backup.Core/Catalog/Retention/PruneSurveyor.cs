using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Errors;
using Backup.Core.Sinks;

namespace Backup.Core.Catalog.Retention;

/// <summary>
/// Reads what a prune has to know of a sink: first what runs need, then the backups. So a run is seen either as a run or as the backup
/// that it has become. Holds one manifest at a time.
/// </summary>
internal sealed class PruneSurveyor(IBackupSink sink, TimeProvider timeProvider)
{
    // A lease that is replaced at the very moment may be missed by one listing; the next replacement is 40 seconds later.
    private const int MinListings = 2;

    private readonly RunNeeds _needs = new(sink, timeProvider);

    // A manifest never changes: the second look reads those that are new.
    private readonly Dictionary<BackupId, (BackupNode Node, PruneCandidate Candidate)> _read = [];

    /// <summary>Reads everything.</summary>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="PruneException">A manifest, or what a run left, cannot be read.</exception>
    /// <exception cref="SinkException">The sink cannot be read.</exception>
    public async ValueTask<PruneSurvey> ReadAsync(CancellationToken cancellationToken)
    {
        var needs = new List<RunNeed>();
        var asked = new HashSet<BackupId>();
        List<RunFolder> folders;
        List<RunFolder> unasked;
        var listings = 0;
        do
        {
            folders = await RunFolders.ListAsync(sink, cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
            unasked = [.. folders.Where(folder => !folder.IsCommitted && folder.OfRun.Any() && asked.Add(folder.Id))];
            foreach (var run in unasked)
            {
                needs.AddRange(await FindNeedsAsync(run, cancellationToken).ConfigureAwait(false));
            }
        }
        while (++listings < MinListings || unasked.Count > 0);

        return new PruneSurvey
        {
            Candidates = await ReadBackupsAsync(folders, cancellationToken).ConfigureAwait(false),
            Needs = needs,
            Marked = folders.Where(folder => folder is { IsMarked: true, IsCommitted: true }).Select(folder => folder.Id).ToHashSet(),
            Remains = [.. folders.Where(folder => folder is { IsMarked: true, IsCommitted: false })],
        };
    }

    private async ValueTask<IReadOnlyList<PruneCandidate>> ReadBackupsAsync(List<RunFolder> folders, CancellationToken cancellationToken)
    {
        var found = new List<(BackupNode Node, PruneCandidate Candidate)>();
        foreach (var folder in folders.Where(folder => folder.IsCommitted))
        {
            if (await ReadBackupAsync(folder, cancellationToken).ConfigureAwait(false) is { } read)
            {
                found.Add(_read[folder.Id] = read);
            }
        }

        var graph = new BackupGraph(found.Select(read => read.Node));
        var lacking = found.Where(read => !read.Candidate.IsWhole).Select(read => read.Candidate.Id).ToHashSet();
        return [.. found.Select(read => read.Candidate with { IsWhole = IsWhole(read.Candidate) })];

        bool IsWhole(PruneCandidate candidate) =>
            candidate.IsWhole && !candidate.References.Any(lacking.Contains) && graph.BrokenReferencesOf(candidate.Id).Count == 0;
    }

    private async ValueTask<(BackupNode Node, PruneCandidate Candidate)?> ReadBackupAsync(RunFolder folder, CancellationToken cancellationToken)
    {
        if (_read.TryGetValue(folder.Id, out var known))
        {
            return known;
        }

        try
        {
            var manifest = await ManifestFile.ReadAsync(sink, folder.Id, cancellationToken).ConfigureAwait(false);
            return (BackupNode.Of(manifest), PruneCandidate.Of(manifest, folder));
        }
        catch (BackupException exception) when (exception is BackupNotFoundException or SinkException { IsNotFound: true })
        {
            // Someone removed it meanwhile.
            return null;
        }
        catch (ArchiveFormatException exception)
        {
            throw Unreadable(exception);
        }
    }

    private async ValueTask<IReadOnlyList<RunNeed>> FindNeedsAsync(RunFolder run, CancellationToken cancellationToken)
    {
        try
        {
            return await _needs.FindAsync(run, cancellationToken).ConfigureAwait(false);
        }
        catch (ArchiveFormatException exception)
        {
            throw Unreadable(exception);
        }
    }

    private static PruneException Unreadable(ArchiveFormatException exception) =>
        new($"Nothing is removed, because what needs what is not known: {exception.Message}", exception)
        {
            Subject = exception.Subject,
            Category = exception.Category,
            Hint = exception is UnsupportedFormatVersionException
                ? "Prune with the version of Backup.Core that wrote it."
                : "Copy the damaged backup again from where it came, or remove its folder by hand, and prune again.",
        };
}

using System.Globalization;
using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;

namespace Backup.Core.Restore;

/// <summary>Finds out, before anything is changed, which of a restore's objects the target's server can make, and by which statements.</summary>
internal sealed class TargetFit
{
    private readonly RestoreSet _set;
    private readonly int _majorVersion;
    private readonly IReadOnlySet<string> _missingExtensions;
    private readonly Dictionary<int, string> _impossible = [];
    private readonly List<LeftOutObject> _causes = [];
    private readonly List<LeftOutObject> _consequences = [];
    private readonly List<string> _notices = [];

    private TargetFit(RestoreSet set, int majorVersion, IReadOnlySet<string> missingExtensions)
    {
        _set = set;
        _majorVersion = majorVersion;
        _missingExtensions = missingExtensions;
    }

    /// <summary>Fits a restore to the target.</summary>
    /// <param name="session">A connection to the target.</param>
    /// <param name="set">The restore.</param>
    /// <param name="request">What was asked for: without <see cref="RestoreRequest.AllowUnsupported"/> what cannot be made is named and stays.</param>
    /// <param name="cancellationToken">Cancels the queries.</param>
    public static async Task<RestoreSet> ApplyAsync(
        TargetSession session, RestoreSet set, RestoreRequest request, CancellationToken cancellationToken)
    {
        var extensions = set.PreData.Where(entry => entry.Kind == TocKinds.Extension).Select(entry => entry.Name).ToList();
        var missing = await TargetCatalog.FindUnavailableExtensionsAsync(session, extensions, cancellationToken).ConfigureAwait(false);
        var fitted = Apply(set, session.MajorVersion, missing, request.AllowUnsupported);
        return PublicSchema.Opens(fitted, request, session.MajorVersion)
            ? await PublicSchema.CloseAsync(session, fitted, cancellationToken).ConfigureAwait(false)
            : fitted;
    }

    /// <summary>Fits a restore to a server.</summary>
    /// <param name="set">The restore.</param>
    /// <param name="majorVersion">The server's major version.</param>
    /// <param name="missingExtensions">The extensions that it does not offer.</param>
    /// <param name="leavesOut">Whether what it cannot make is taken out.</param>
    public static RestoreSet Apply(RestoreSet set, int majorVersion, IReadOnlySet<string> missingExtensions, bool leavesOut)
    {
        var fit = new TargetFit(set, majorVersion, missingExtensions);
        foreach (var entry in set.Objects.OrderBy(entry => entry.Id))
        {
            fit.Examine(entry);
        }

        return fit.ToSet(leavesOut);
    }

    // Ids ascend along dependencies, so one pass in their order settles what needs something that cannot be made.
    private void Examine(TocEntry entry)
    {
        if (entry.DependsOn.FirstOrDefault(_impossible.ContainsKey) is var need and not 0)
        {
            Note(_consequences, entry, $"It needs {_impossible[need]}, which the target cannot make.");
        }
        else if (entry.Requires?.FirstOrDefault(requirement => !requirement.IsMetBy(_majorVersion)) is { } unmet)
        {
            Note(_causes, entry, $"{unmet.Reason(_majorVersion)}.");
        }
        else if (entry.Kind == TocKinds.Extension && _missingExtensions.Contains(entry.Name))
        {
            Note(_causes, entry, string.Create(
                CultureInfo.InvariantCulture,
                $"The target server, PostgreSQL {_majorVersion}, does not offer it: that version has it no more, or its files are not installed."));
        }
        else if (VariantOf(entry) is { Note: { } note })
        {
            _notices.Add(string.Create(CultureInfo.InvariantCulture, $"On PostgreSQL {_majorVersion} {note}."));
        }
    }

    private void Note(List<LeftOutObject> list, TocEntry entry, string reason)
    {
        _impossible[entry.Id] = RestoreNames.WithKind(entry);
        list.Add(new LeftOutObject(entry.Kind, RestoreNames.Of(entry), reason));
    }

    private RestoreSet ToSet(bool leavesOut)
    {
        var tables = leavesOut
            ? _set.PreData
                .Where(entry => TocKinds.IsRelation(entry.Kind) && _impossible.ContainsKey(entry.Id))
                .Select(entry => new QualifiedName(entry.Schema ?? "", entry.Name))
                .ToHashSet()
            : [];
        return _set with
        {
            PreData = Fit(_set.PreData, leavesOut),
            Tables = [.. _set.Tables.Where(table => !tables.Contains(new QualifiedName(table.Schema, table.Name)))],
            Sequences = Fit(_set.Sequences, leavesOut),
            PostData = Fit(_set.PostData, leavesOut),
            Closing = Fit(_set.Closing, leavesOut),
            Unsupported = [.. _causes, .. _consequences],
            Impossible = _impossible.Keys.ToHashSet(),
            Notices = _notices,
        };
    }

    private List<TocEntry> Fit(IEnumerable<TocEntry> entries, bool leavesOut) =>
    [
        .. entries
            .Where(entry => !leavesOut || !_impossible.ContainsKey(entry.Id))
            .Select(entry => VariantOf(entry) is { } variant ? entry with { Create = variant.Create } : entry),
    ];

    private StatementVariant? VariantOf(TocEntry entry) => entry.Variants?.FirstOrDefault(variant => variant.IsFor(_majorVersion));
}

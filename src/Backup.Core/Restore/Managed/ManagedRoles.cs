using Backup.Core.Postgres;
using Backup.Core.Postgres.Presets;
using Backup.Core.Postgres.Schema;

namespace Backup.Core.Restore.Managed;

/// <summary>Takes out of statements what they say of roles that the platform keeps to itself, where the project does not let it be said.</summary>
/// <param name="project">What the project has.</param>
internal sealed class ManagedRoles(SupabaseProject project)
{
    private const string StatementEnd = ";\n";

    private readonly HashSet<string> _notOwning = new(StringComparer.Ordinal);
    private readonly HashSet<string> _absent = new(StringComparer.Ordinal);
    private readonly List<LeftOutObject> _leftOut = [];

    /// <summary>What is worth knowing of what was taken out, a sentence each.</summary>
    public IEnumerable<string> Notices
    {
        get
        {
            if (_notOwning.Count > 0)
            {
                yield return $"Objects of {string.Join(", ", _notOwning.Order(StringComparer.Ordinal))} belong to the role that restores: "
                    + "the project does not let it give them away.";
            }

            if (_absent.Count > 0)
            {
                yield return $"The project lacks the platform's {(_absent.Count == 1 ? "role" : "roles")} "
                    + $"{string.Join(", ", _absent.Order(StringComparer.Ordinal))}: what was granted to them is left out.";
            }
        }
    }

    /// <summary>Takes it out.</summary>
    public RestoreSet Fit(RestoreSet set) => set with
    {
        PreData = Fit(set.PreData),
        PostData = Fit(set.PostData),
        Closing = Fit(set.Closing),
        LeftOut = [.. set.LeftOut, .. _leftOut],
    };

    private IReadOnlyList<TocEntry> Fit(IReadOnlyList<TocEntry> entries) =>
        [.. entries.Select(FitOwner).Select(FitRoles).OfType<TocEntry>()];

    private TocEntry FitOwner(TocEntry entry)
    {
        if (entry is not { SetOwner: not null, Owner: { } owner } || MayOwn(entry, owner))
        {
            return entry;
        }

        _notOwning.Add(owner);
        return entry with { SetOwner = null, Owner = null, Roles = [.. entry.Roles.Where(role => role != owner)] };
    }

    // The owner of a wrapper or an event trigger has to be a superuser; a platform that lets others make them gives them away itself.
    private bool MayOwn(TocEntry entry, string owner) => project.IsSuperuser
        ? project.Roles.Contains(owner) || !SupabaseNames.IsReservedRole(owner)
        : entry.Kind is not ("FOREIGN DATA WRAPPER" or "EVENT TRIGGER")
            && (!SupabaseNames.IsReservedRole(owner) || project.OwnRoles.Contains(owner));

    private TocEntry? FitRoles(TocEntry entry)
    {
        var absent = entry.Roles.Where(role => SupabaseNames.IsReservedRole(role) && !project.Roles.Contains(role)).ToHashSet(StringComparer.Ordinal);
        if (!TocKinds.IsPrivilege(entry.Kind))
        {
            if (absent.Count > 0)
            {
                _leftOut.Add(new LeftOutObject(
                    entry.Kind, RestoreNames.Of(entry), $"It is for {string.Join(", ", absent)}, which this project of the platform lacks."));
                return null;
            }

            return entry;
        }

        _absent.UnionWith(absent);
        var create = Without(entry.Create, absent);
        return create.Length == 0 && entry.Variants is null
            ? null
            : entry with
            {
                Create = create,
                Variants = entry.Variants is { } variants ? [.. variants.Select(variant => variant with { Create = Without(variant.Create, absent) })] : null,
                Roles = [.. entry.Roles.Where(role => !absent.Contains(role))],
            };
    }

    private string Without(string script, HashSet<string> absent) =>
        string.Concat(StatementsOf(script).Where(statement => !absent.Any(role => Names(statement, role)) && MayRun(statement)));

    // Only a superuser grants in the name of others; the grant itself can be made by whoever restores.
    private bool MayRun(string statement) =>
        project.IsSuperuser
        || !(statement.StartsWith("SET SESSION AUTHORIZATION ", StringComparison.Ordinal)
            || statement.StartsWith("RESET SESSION AUTHORIZATION", StringComparison.Ordinal));

    // Statements of privileges end in the role, perhaps with the grant option.
    private static bool Names(string statement, string role)
    {
        const string GrantOption = " WITH GRANT OPTION";
        var text = statement[..^StatementEnd.Length];
        text = text.EndsWith(GrantOption, StringComparison.Ordinal) ? text[..^GrantOption.Length] : text;
        return text.EndsWith($" {SqlText.Identifier(role)}", StringComparison.Ordinal)
            || text.Contains($" FOR ROLE {SqlText.Identifier(role)} ", StringComparison.Ordinal);
    }

    // A name may hold the end of a statement: inside quotes it is none.
    private static IEnumerable<string> StatementsOf(string script)
    {
        var start = 0;
        for (var end = script.IndexOf(StatementEnd, StringComparison.Ordinal); end >= 0;
             end = script.IndexOf(StatementEnd, end + 1, StringComparison.Ordinal))
        {
            if (script.AsSpan(start, end - start).Count('"') % 2 == 0)
            {
                yield return script[start..(end + StatementEnd.Length)];
                start = end + StatementEnd.Length;
            }
        }
    }
}

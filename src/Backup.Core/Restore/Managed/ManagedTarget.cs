using Backup.Core.Postgres;
using Backup.Core.Postgres.Presets;

namespace Backup.Core.Restore.Managed;

/// <summary>Fits a restore to a Supabase project, which has schemas, tables and roles of its own.</summary>
internal static class ManagedTarget
{
    /// <summary>Fits it to what the target has.</summary>
    /// <param name="session">A connection to the target.</param>
    /// <param name="set">What is to be restored.</param>
    /// <param name="request">The request.</param>
    /// <param name="backup">What the backup is.</param>
    /// <param name="tracker">Told what is worth knowing.</param>
    /// <param name="cancellationToken">Cancels the queries.</param>
    public static async Task<RestoreSet> FitAsync(
        TargetSession session,
        RestoreSet set,
        RestoreRequest request,
        ManagedBackup backup,
        RestoreTracker tracker,
        CancellationToken cancellationToken)
    {
        var project = await SupabaseProject.ReadAsync(session, cancellationToken).ConfigureAwait(false);
        var existing = await TargetInspection.FindExistingAsync(session, set, cancellationToken).ConfigureAwait(false);
        var sequences = await TargetCatalog.FindExistingAsync(
            session,
            [.. set.Sequences.Select(entry => new TargetObject("relation", entry.Schema ?? "", entry.Name))],
            cancellationToken).ConfigureAwait(false);
        existing.UnionWith(sequences.Select(place => set.Sequences[place].Id));
        var objects = new ManagedObjects(set, request, project, existing);
        var roles = new ManagedRoles(project);
        set = roles.Fit(objects.Choose()) with { Server = ReservedRoles.Fit(set.Server, project) };
        var columns = await TargetCatalog.ReadColumnsAsync(session, ManagedRows.FindTables(set), cancellationToken).ConfigureAwait(false);
        var rows = new ManagedRows(columns, objects.Present, backup);
        set = rows.Fit(set);
        foreach (var notice in roles.Notices.Concat(rows.Notices))
        {
            tracker.Notice(notice);
        }

        return set;
    }
}

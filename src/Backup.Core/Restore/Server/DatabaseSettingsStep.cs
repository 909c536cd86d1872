using Backup.Core.Errors;
using Backup.Core.Postgres;
using Backup.Core.Postgres.Presets;
using Backup.Core.Postgres.Server;

namespace Backup.Core.Restore.Server;

/// <summary>Gives the target database the settings of the source's, whatever its name is. The last step: some would hinder the others.</summary>
internal sealed class DatabaseSettingsStep(RestoreContext context)
{
    /// <summary>Runs the step.</summary>
    /// <param name="session">A connection to the target, opened before: afterwards the database may take none, or none that writes.</param>
    /// <param name="cancellationToken">Cancels the step.</param>
    /// <exception cref="RestoreException">The request stops at the first error, and there is one.</exception>
    /// <exception cref="DatabaseException">The connection was lost.</exception>
    public async Task RunAsync(TargetSession session, CancellationToken cancellationToken)
    {
        if (context.Set.Server.Settings is not { } settings)
        {
            return;
        }

        NoticeLocale(settings.Locale);
        var missing = MissingRolesOf(settings);
        foreach (var statement in context.Set.Server.StatementsFor(context.Target.Server.Database))
        {
            if (statement.Role is not { } role || !missing.Contains(role))
            {
                await RunAsync(session, statement, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task RunAsync(TargetSession session, ServerStatement statement, CancellationToken cancellationToken)
    {
        try
        {
            using var work = context.Tracker.Working($"{statement.Kind} {statement.Subject}");
            await session.ExecuteAsync(statement.Sql, cancellationToken).ConfigureAwait(false);
        }
        catch (DatabaseException exception) when (session.IsOpen)
        {
            var failure = ServerFault.Of(statement, exception);
            if (context.Set.Preset == DatabasePreset.Supabase && statement.Role is { } role && SupabaseNames.IsReservedRole(role))
            {
                // The platform's own roles never fail a restore.
                context.Tracker.Notice($"The setting {statement.Subject} of the database is left out: {failure.Reason}");
                return;
            }

            EntryRunner.Fail(context, failure, ServerFault.CauseOf(statement, exception));
        }
    }

    // Where owners are skipped no role has to be there.
    private HashSet<string> MissingRolesOf(DatabaseSettings settings)
    {
        var present = new HashSet<string>(context.Target.Server.Roles.Concat(context.Tracker.Roles), StringComparer.Ordinal);
        var missing = DatabaseSettingsScript.RolesOf(settings, ofPrivileges: false).Where(role => !present.Contains(role)).ToHashSet(StringComparer.Ordinal);
        if (missing.Count > 0)
        {
            context.Tracker.Notice($"Settings of the database for {string.Join(", ", missing.Order(StringComparer.Ordinal))} are left out: the target lacks the roles.");
        }

        return missing;
    }

    // A database keeps what it was made with: only who makes it can choose that.
    private void NoticeLocale(DatabaseLocale source)
    {
        if (context.Target.Server.Locale is { } target && Describe(source) is var wanted && Describe(target) is var present && wanted != present)
        {
            context.Tracker.Notice($"The target database was made with {present}, the source with {wanted}: texts may sort and compare otherwise.");
        }
    }

    private static string Describe(DatabaseLocale locale)
    {
        var own = locale.Locale is null ? "" : $" {locale.Locale}";
        return $"{locale.Encoding}, {locale.Provider}{own}, collation {Plain(locale.Collate)} and character types {Plain(locale.Ctype)}";
    }

    // en_US.UTF-8 and en_US.utf8 are one locale.
    private static string Plain(string name) => name.Replace(".UTF-8", ".utf8", StringComparison.OrdinalIgnoreCase);
}

using Backup.Core.Errors;
using Backup.Core.Postgres;
using Backup.Core.Postgres.Server;

namespace Backup.Core.Restore.Server;

/// <summary>
/// Makes the roles that the target lacks, each whole with its settings, and the memberships that are missing. Roles that exist are left
/// as they are, whatever the backup says of them.
/// </summary>
internal sealed class RolesStep(TargetSession session, BorrowedRoles borrowed, RestoreContext context)
{
    private const string DuplicateObject = "42710";
    private const string UniqueViolation = "23505";
    private const int Named = 20;

    private readonly HashSet<string> _roles = new(context.Target.Server.Roles, StringComparer.Ordinal);
    private readonly HashSet<string> _made = new(StringComparer.Ordinal);

    /// <summary>Runs the step.</summary>
    /// <exception cref="RestoreException">A role that the restore needs could not be made, or the request stops at the first error.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (context.Set.Server.Roles is not { } list)
        {
            return;
        }

        foreach (var role in list.Roles.Where(role => !_roles.Contains(role.Name)))
        {
            using var work = context.Tracker.Working($"{ServerKinds.Role} {role.Name}");
            await MakeAsync(role, cancellationToken).ConfigureAwait(false);
        }

        foreach (var membership in list.Memberships.Where(item => !context.Target.Server.Memberships.Contains((item.Role, item.Member))))
        {
            await GrantAsync(membership, cancellationToken).ConfigureAwait(false);
        }

        foreach (var parameter in list.Parameters)
        {
            await GrantAsync(parameter, cancellationToken).ConfigureAwait(false);
        }

        await borrowed.BorrowAsync(session, _made, cancellationToken).ConfigureAwait(false);
        await SetReservedAsync(cancellationToken).ConfigureAwait(false);
        NoticeLogins(list);
    }

    // The platform's own roles never fail a restore.
    private async Task SetReservedAsync(CancellationToken cancellationToken)
    {
        foreach (var statement in context.Set.Server.ReservedSettings)
        {
            if (await TryAsync(statement, cancellationToken).ConfigureAwait(false) is { } fault)
            {
                context.Tracker.Notice($"The setting {statement.Subject} is left out: {ServerFault.Of(statement, fault).Reason}");
            }
        }
    }

    private async Task MakeAsync(RoleDefinition role, CancellationToken cancellationToken)
    {
        try
        {
            await session.ExecuteAsync(string.Concat(RoleScript.Create(role).Select(item => item.Sql)), cancellationToken).ConfigureAwait(false);
            Add(role);
        }
        catch (DatabaseException exception) when (session.IsOpen && exception.SqlState is DuplicateObject or UniqueViolation)
        {
            // Another session was faster.
            _roles.Add(role.Name);
        }
        catch (DatabaseException) when (session.IsOpen)
        {
            await MakeStepwiseAsync(role, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task MakeStepwiseAsync(RoleDefinition role, CancellationToken cancellationToken)
    {
        foreach (var statement in RoleScript.CreateStepwise(role))
        {
            try
            {
                await session.ExecuteAsync(statement.Sql, cancellationToken).ConfigureAwait(false);
                if (statement.Kind == ServerKinds.Role)
                {
                    Add(role);
                }
            }
            catch (DatabaseException exception) when (session.IsOpen)
            {
                var failure = ServerFault.Of(statement, exception);
                if (statement.Kind == ServerKinds.Role)
                {
                    ThrowIfNeeded(role.Name, failure, exception);
                    EntryRunner.Fail(context, failure, exception);
                    return;
                }

                EntryRunner.Fail(context, failure, ServerFault.CauseOf(statement, exception));
            }
        }
    }

    private void Add(RoleDefinition role)
    {
        _roles.Add(role.Name);
        _made.Add(role.Name);
        context.Tracker.AddRole(role.Name);
    }

    private void ThrowIfNeeded(string role, RestoreFailure failure, DatabaseException cause)
    {
        if (MissingRoles.NamedBy(context.Set, context.Request).Contains(role))
        {
            var others = context.Tracker.Roles.Count == 0 ? "Nothing was changed." : "Nothing but roles was made.";
            throw TargetFault.ToException(failure, $"Objects of the backup need the role. {others}", cause);
        }
    }

    private async Task GrantAsync(RoleMembership membership, CancellationToken cancellationToken)
    {
        var version = context.Target.Server.MajorVersion;
        var statement = RoleScript.Grant(membership, version, namesGrantor: true);
        if (new[] { membership.Role, membership.Member }.FirstOrDefault(role => !_roles.Contains(role)) is { } missing)
        {
            context.Tracker.Notice($"The membership of {membership.Member} in {membership.Role} is left out: the target has no role {missing}.");
            return;
        }

        if (RoleScript.LosesOptions(membership, version))
        {
            context.Tracker.Notice(
                $"The membership of {membership.Member} in {membership.Role} loses its options INHERIT and SET, which came with PostgreSQL 16.");
        }

        if (await TryAsync(statement, cancellationToken).ConfigureAwait(false) is not { } fault)
        {
            return;
        }

        // A grantor that is not there, or may not grant the role at the target, must not cost the membership.
        if (membership.Grantor is not null)
        {
            statement = RoleScript.Grant(membership, version, namesGrantor: false);
            fault = await TryAsync(statement, cancellationToken).ConfigureAwait(false);
        }

        if (fault is not null)
        {
            Refuse(statement, fault, _made.Contains(membership.Role) || _made.Contains(membership.Member));
        }
    }

    private async Task GrantAsync(ParameterPrivilege parameter, CancellationToken cancellationToken)
    {
        var statement = parameter.ToStatement(context.Set.Server.SourceMajorVersion);
        var grantee = parameter.Grantee();
        if (context.Target.Server.MajorVersion < ParameterPrivilege.MinMajorVersion || (grantee.Length > 0 && !_roles.Contains(grantee)))
        {
            context.Tracker.Notice($"The right to set {statement.Subject} is left out: the target has no such role, or is older than PostgreSQL 15.");
        }
        else if (await TryAsync(statement, cancellationToken).ConfigureAwait(false) is { } fault)
        {
            Refuse(statement, fault, _made.Contains(grantee));
        }
    }

    private async Task<DatabaseException?> TryAsync(ServerStatement statement, CancellationToken cancellationToken)
    {
        try
        {
            await session.ExecuteAsync(statement.Sql, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (DatabaseException exception) when (session.IsOpen)
        {
            return exception;
        }
    }

    // A managed server does not let its own roles be joined: what it has is as it should be.
    private void Refuse(ServerStatement statement, DatabaseException fault, bool isOfNewRole)
    {
        var failure = ServerFault.Of(statement, fault);
        if (isOfNewRole)
        {
            EntryRunner.Fail(context, failure, fault);
        }
        else
        {
            context.Tracker.Notice($"{statement.Kind} {statement.Subject} is left out, as the target had the roles already: {failure.Reason}");
        }
    }

    private void NoticeLogins(RoleList list)
    {
        var logins = list.Roles.Where(role => role.Login && _made.Contains(role.Name)).Select(role => role.Name).ToList();
        if (logins.Count > 0)
        {
            var more = logins.Count > Named ? $" and {logins.Count - Named} more" : "";
            context.Tracker.Notice(
                $"No backup holds passwords: give {string.Join(", ", logins.Take(Named))}{more} one (ALTER ROLE … PASSWORD …) before logging in with it.");
        }
    }
}

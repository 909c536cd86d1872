using Backup.Core.Errors;
using Backup.Core.Hosting;
using Backup.Core.Postgres;
using Backup.Core.Postgres.Probes;

namespace Backup.Core.Diagnosis;

/// <summary>Judges the rights of a role on the relations that are to be backed up.</summary>
internal static class RelationChecks
{
    /// <summary>Whether the role may read every table.</summary>
    public static CheckFinding Tables(RelationFacts relations, ServerFacts server)
    {
        if (Combine([.. relations.Refused, .. relations.Unlogged]) is { } fault)
        {
            return fault;
        }

        var size = relations.TableBytes > 0 ? $", about {ExplainedValue.Bytes(relations.TableBytes)}" : string.Empty;
        return relations.Tables == 0
            ? CheckFinding.Warn("There is no table to back up.", "Check the name of the database and the selection of tables.")
            : CheckFinding.Ok($"The role {server.Role} may read each of {Amounts.Count(relations.Tables, "table")}{size}.");
    }

    /// <summary>Whether policies hide rows from the role.</summary>
    public static CheckFinding RowSecurity(RelationFacts relations, ServerFacts server) =>
        Combine(relations.Hidden) ?? CheckFinding.Ok($"No policy hides rows from the role {server.Role}.");

    /// <summary>Whether the role may read the position of every sequence.</summary>
    public static CheckFinding Sequences(RelationFacts relations, ServerFacts server)
    {
        if (relations.RefusedSequences.Count == 0)
        {
            return CheckFinding.Ok(relations.Sequences == 0
                ? "There is no sequence."
                : $"The role {server.Role} may read each of {Amounts.Count(relations.Sequences, "sequence")}.");
        }

        var names = Amounts.Names([.. relations.RefusedSequences.Select(name => name.ToString())]);
        var schema = relations.RefusedSequences[0].Schema;
        return CheckFinding.Fail(
            $"The role {server.Role} may not read {Amounts.Count(relations.RefusedSequences.Count, "sequence")}: {names}.",
            $"GRANT USAGE ON SCHEMA {schema} and GRANT SELECT ON ALL SEQUENCES IN SCHEMA {schema} to the role, "
                + "or make it a member of pg_read_all_data.");
    }

    /// <summary>Whether objects can be listed from the snapshot of the rows.</summary>
    /// <param name="relations">The relations.</param>
    /// <param name="server">The server.</param>
    /// <param name="buckets">The buckets in the database; <see langword="null"/> when they cannot be read.</param>
    /// <param name="missing">The column that the tables lack; <see langword="null"/> when there is none.</param>
    public static CheckFinding StorageRows(
        RelationFacts relations, ServerFacts server, IReadOnlyList<ProbedBucket>? buckets, string? missing)
    {
        const string Otherwise = "the Storage API would list the objects, while they may change";
        if (relations.Storage.IsAbsent)
        {
            return CheckFinding.Warn(
                $"{relations.Storage.Reason} So {Otherwise}.", "Give the database of the project that the Storage belongs to.");
        }

        if (relations.Storage.Reason is { } reason)
        {
            return CheckFinding.Warn($"{reason} Otherwise {Otherwise}.", null);
        }

        if (missing is not null)
        {
            return CheckFinding.Warn($"There is no column {missing}, so {Otherwise}.", "Update the Storage server, which migrates its tables.");
        }

        return server.Encoding == "UTF8"
            ? CheckFinding.Ok($"Objects are listed from the snapshot of the rows: {Amounts.Count(buckets?.Count ?? 0, "bucket")}, every row visible.")
            : CheckFinding.Warn($"The database's encoding is {server.Encoding} and not UTF8, so {Otherwise}.", null);
    }

    private static CheckFinding? Combine(IReadOnlyList<UnreadableTable> tables)
    {
        if (tables.Count == 0)
        {
            return null;
        }

        DatabaseException fault = TableReadability.Combine(tables);
        return CheckFinding.Fail(fault.Message, fault.Hint);
    }
}

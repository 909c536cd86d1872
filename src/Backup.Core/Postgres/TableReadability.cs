using Backup.Core.Errors;

namespace Backup.Core.Postgres;

/// <summary>Finds the selected tables whose rows the role or the server cannot give, before any of them is locked.</summary>
internal static class TableReadability
{
    private const int NamesInMessage = 5;

    /// <summary>Splits the relations with data into those that can be read and those that cannot.</summary>
    public static (List<ListedRelation> Readable, List<UnreadableTable> Unreadable) Split(
        IEnumerable<ListedRelation> relations, string role, bool isStandby)
    {
        var readable = new List<ListedRelation>();
        var unreadable = new List<UnreadableTable>();
        foreach (var relation in relations.Where(r => r.HasData))
        {
            if (Fault(relation, role, isStandby) is { } fault)
                unreadable.Add(new UnreadableTable(relation.Name, fault));
            else
                readable.Add(relation);
        }

        return (readable, unreadable);
    }

    /// <summary>One fault for all of them: it names the first few and says what to do about the first.</summary>
    public static DatabaseException Combine(IReadOnlyList<UnreadableTable> tables)
    {
        if (tables.Count == 1)
            return tables[0].Fault;

        var names = string.Join(", ", tables.Take(NamesInMessage).Select(t => t.Name));
        var more = tables.Count > NamesInMessage ? ", …" : string.Empty;
        return new DatabaseException($"{tables.Count} selected tables cannot be read: {names}{more}. {tables[0].Fault.Message}")
        {
            Subject = tables[0].Name.ToString(),
            Hint = tables[0].Fault.Hint,
            SqlState = tables[0].Fault.SqlState,
            Category = tables[0].Fault.Category,
        };
    }

    /// <summary>Why a relation's rows cannot be read, or not all of them; <see langword="null"/> when they can.</summary>
    public static DatabaseException? Fault(ListedRelation relation, string role, bool isStandby) => relation switch
    {
        { CanSelect: false } => new DatabaseException($"The role {role} may not read {relation.Name}.")
        {
            Subject = relation.Name.ToString(),
            SqlState = "42501",
            Hint = $"GRANT USAGE on schema {relation.Name.Schema} and GRANT SELECT on {relation.Name} to the role, "
                + "make it a member of pg_read_all_data, or exclude the table.",
        },
        { HasRowSecurity: true } => new DatabaseException($"Row security on {relation.Name} applies to the role {role}.")
        {
            Subject = relation.Name.ToString(),
            SqlState = "42501",
            Hint = DatabaseFault.RowSecurityHint,
        },
        { IsUnlogged: true } when isStandby => new DatabaseException($"{relation.Name} is unlogged and has no rows on a standby.")
        {
            Subject = relation.Name.ToString(),
            Category = ErrorCategory.Refused,
            Hint = "Exclude the table, or back up the primary server.",
        },
        _ => null,
    };
}

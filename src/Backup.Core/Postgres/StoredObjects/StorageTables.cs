using Backup.Core.Errors;

namespace Backup.Core.Postgres.StoredObjects;

/// <summary>The tables in which Supabase Storage keeps its buckets and objects, as the catalog lists them for a role.</summary>
/// <param name="Relations">The two tables; empty when they cannot be listed from.</param>
/// <param name="Reason">Why they cannot be; <see langword="null"/> when they can.</param>
/// <param name="IsAbsent">Whether the reason is that there are no such tables.</param>
internal sealed record StorageTables(IReadOnlyList<ListedRelation> Relations, string? Reason, bool IsAbsent)
{
    /// <summary>The table of buckets.</summary>
    public static readonly QualifiedName Buckets = new("storage", "buckets");

    /// <summary>The table of objects.</summary>
    public static readonly QualifiedName Objects = new("storage", "objects");

    /// <summary>Finds the two tables among all relations, and says whether the role sees every row of them.</summary>
    public static StorageTables Find(IReadOnlyList<ListedRelation> relations, string role, bool isStandby)
    {
        var tables = new List<ListedRelation>(2);
        foreach (var name in new[] { Buckets, Objects })
        {
            if (relations.FirstOrDefault(relation => relation.Name == name) is not { } relation)
                return new StorageTables([], $"The database has no {name}.", IsAbsent: true);
            if (relation.Kind != 'r')
                return new StorageTables([], $"{name} is not an ordinary table.", IsAbsent: false);
            if (TableReadability.Fault(relation, role, isStandby) is { } fault)
                return new StorageTables([], Sentences(fault), IsAbsent: false);
            tables.Add(relation);
        }

        return new StorageTables(tables, null, IsAbsent: false);
    }

    private static string Sentences(DatabaseException fault) => $"{fault.Message} {fault.Hint}".TrimEnd();
}

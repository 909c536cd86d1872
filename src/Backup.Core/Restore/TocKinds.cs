using System.Collections.Frozen;

namespace Backup.Core.Restore;

/// <summary>What a restore has to know of the kinds in the table of contents.</summary>
internal static class TocKinds
{
    /// <summary>A namespace.</summary>
    public const string Schema = "SCHEMA";

    /// <summary>An extension.</summary>
    public const string Extension = "EXTENSION";

    /// <summary>A table.</summary>
    public const string Table = "TABLE";

    /// <summary>A view, or its query where that comes after the rows.</summary>
    public const string View = "VIEW";

    /// <summary>A table's rows.</summary>
    public const string TableData = "TABLE DATA";

    /// <summary>A large object; never an entry of the table of contents, as there may be very many.</summary>
    public const string LargeObject = "LARGE OBJECT";

    /// <summary>A sequence.</summary>
    public const string Sequence = "SEQUENCE";

    /// <summary>A sequence's position.</summary>
    public const string SequenceSet = "SEQUENCE SET";

    /// <summary>A partition's place under its parent.</summary>
    public const string TableAttach = "TABLE ATTACH";

    /// <summary>An index's place under that of a partitioned table.</summary>
    public const string IndexAttach = "INDEX ATTACH";

    /// <summary>An index.</summary>
    public const string Index = "INDEX";

    /// <summary>A primary key, a unique or an exclusion constraint.</summary>
    public const string Constraint = "CONSTRAINT";

    /// <summary>A foreign key.</summary>
    public const string ForeignKey = "FK CONSTRAINT";

    /// <summary>A refresh of a materialized view.</summary>
    public const string MaterializedViewData = "MATERIALIZED VIEW DATA";

    /// <summary>Privileges.</summary>
    public const string Acl = "ACL";

    /// <summary>A comment.</summary>
    public const string Comment = "COMMENT";

    /// <summary>A label for a module of the server, which a target need not have.</summary>
    public const string SecurityLabel = "SECURITY LABEL";

    private static readonly FrozenSet<string> Relations =
        FrozenSet.Create(StringComparer.Ordinal, Table, "FOREIGN TABLE", View, "MATERIALIZED VIEW");

    private static readonly FrozenSet<string> Closing =
        FrozenSet.Create(StringComparer.Ordinal, Acl, "DEFAULT ACL", "EVENT TRIGGER", MaterializedViewData, SecurityLabel);

    // What a fresh database or a managed service brings along: its being there is no conflict.
    private static readonly FrozenSet<string> Shared =
        FrozenSet.Create(StringComparer.Ordinal, Schema, Extension, "PROCEDURAL LANGUAGE");

    // Their statements may hold passwords.
    private static readonly FrozenSet<string> Confidential =
        FrozenSet.Create(StringComparer.Ordinal, "SUBSCRIPTION", "USER MAPPING", "SERVER");

    /// <summary>Whether it is a relation that is chosen by name and never pulled in by what needs it.</summary>
    public static bool IsRelation(string kind) => Relations.Contains(kind);

    /// <summary>Whether it is made after everything else.</summary>
    public static bool IsClosing(string kind) => Closing.Contains(kind);

    /// <summary>Whether the target may already hold it: it is then kept as it is.</summary>
    public static bool IsShared(string kind) => Shared.Contains(kind);

    /// <summary>Whether it gives privileges.</summary>
    public static bool IsPrivilege(string kind) => kind is Acl or "DEFAULT ACL";

    /// <summary>Whether its statements must not be shown.</summary>
    public static bool IsConfidential(string kind) => Confidential.Contains(kind);
}

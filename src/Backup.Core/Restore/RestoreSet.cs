using Backup.Core.Archives.Manifest;
using Backup.Core.Postgres;
using Backup.Core.Postgres.LargeObjects;
using Backup.Core.Postgres.Schema;
using Backup.Core.Restore.Server;

namespace Backup.Core.Restore;

/// <summary>The part of a backup that one restore is about, sorted into the steps of the restore.</summary>
internal sealed record RestoreSet
{
    /// <summary>What rows need, in order.</summary>
    public required IReadOnlyList<TocEntry> PreData { get; init; }

    /// <summary>The tables whose rows are loaded.</summary>
    public required IReadOnlyList<TableRecord> Tables { get; init; }

    /// <summary>The one of them that lists the large objects; <see langword="null"/> where none are restored.</summary>
    public TableRecord? LargeObjects => Tables.FirstOrDefault(table => new QualifiedName(table.Schema, table.Name) == LargeObjectRelations.Metadata);

    /// <summary>The roles that own large objects, or have rights on them, and that the target lacks.</summary>
    public IReadOnlyList<string> LargeObjectRoles { get; init; } = [];

    /// <summary>The positions of sequences.</summary>
    public required IReadOnlyList<TocEntry> Sequences { get; init; }

    /// <summary>What comes after the rows and may be made side by side where dependencies and locks allow.</summary>
    public required IReadOnlyList<TocEntry> PostData { get; init; }

    /// <summary>What comes last and one after another: labels and privileges, then what acts or is computed under them.</summary>
    public required IReadOnlyList<TocEntry> Closing { get; init; }

    /// <summary>What was chosen and cannot be restored.</summary>
    public required IReadOnlyList<LeftOutObject> LeftOut { get; init; }

    /// <summary>What the target's server cannot make, then what needs that; still among the objects unless it may be left out.</summary>
    public IReadOnlyList<LeftOutObject> Unsupported { get; init; } = [];

    /// <summary>The ids of those.</summary>
    public IReadOnlySet<int> Impossible { get; init; } = new HashSet<int>();

    /// <summary>What will differ from the source, as the target's server knows it only so, one sentence each.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>The ids of entries that nobody chose but that chosen ones need: made only where the target lacks them, never removed.</summary>
    public required IReadOnlySet<int> Supporting { get; init; }

    /// <summary>What belongs to the server.</summary>
    public ServerSet Server { get; init; } = ServerSet.None;

    /// <summary>By the rules of which platform the set comes back.</summary>
    public DatabasePreset Preset { get; init; }

    /// <summary>The tables that extensions make and of whose rows some are the backup's, with the ids of the extensions' entries.</summary>
    public IReadOnlyDictionary<QualifiedName, IReadOnlyList<int>> ExtensionTables { get; init; } =
        new Dictionary<QualifiedName, IReadOnlyList<int>>();

    /// <summary>The tables that the target's platform has made and that rows are loaded into, with those of the backup's columns that they have.</summary>
    public IReadOnlyDictionary<QualifiedName, IReadOnlyList<string>> PlatformTables { get; init; } =
        new Dictionary<QualifiedName, IReadOnlyList<string>>();

    /// <summary>The objects in the order in which they are made.</summary>
    public IEnumerable<TocEntry> Objects => PreData.Concat(Sequences).Concat(PostData).Concat(Closing);
}

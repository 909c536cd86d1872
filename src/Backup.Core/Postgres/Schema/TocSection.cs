namespace Backup.Core.Postgres.Schema;

/// <summary>The part of a restore in which an object is made, as pg_dump's sections.</summary>
internal enum TocSection
{
    /// <summary>What rows need to be loaded: types, tables, functions, and so on.</summary>
    PreData,

    /// <summary>Rows and the positions of sequences.</summary>
    Data,

    /// <summary>What is faster or only possible once the rows are there: indexes, constraints, triggers, policies.</summary>
    PostData,
}

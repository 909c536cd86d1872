namespace Backup.Core.Postgres.Schema;

/// <summary>Where an object lives in the source's catalogs, as <c>pg_depend</c> names it.</summary>
/// <param name="ClassId">The oid of the catalog (see <see cref="SystemCatalog"/>).</param>
/// <param name="ObjectId">The oid of the object's row there.</param>
/// <param name="SubId">The column's number; 0 for the object itself.</param>
internal readonly record struct ObjectAddress(uint ClassId, uint ObjectId, int SubId = 0)
{
    /// <summary>The address of the whole object that a column belongs to.</summary>
    public ObjectAddress Whole => this with { SubId = 0 };

    /// <summary>The address of a table's rows, which no catalog knows: what stands for the table of contents' data items.</summary>
    public static ObjectAddress DataOf(uint relation) => new(0, relation);
}

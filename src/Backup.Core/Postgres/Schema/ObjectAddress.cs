namespace Backup.Core.Postgres.Schema;

/// <summary>Where an object lives in the source's catalogs, as <c>pg_depend</c> names it.</summary>
/// <param name="ClassId">The oid of the catalog (see <see cref="SystemCatalog"/>).</param>
/// <param name="ObjectId">The oid of the object's row there.</param>
/// <param name="SubId">The column's number; 0 for the object itself.</param>
internal readonly record struct ObjectAddress(uint ClassId, uint ObjectId, int SubId = 0)
{
    /// <summary>The address of the whole object that a column belongs to.</summary>
    public ObjectAddress Whole => this with { SubId = 0 };

    /// <summary>The address of something that is made in a step of its own and that no catalog has a row for.</summary>
    /// <param name="step">The step.</param>
    /// <param name="objectId">The oid of the relation that the step is about.</param>
    public static ObjectAddress Of(DerivedStep step, uint objectId) => new((uint)step, objectId);

    /// <summary>The address of a relation's rows, or of a sequence's position.</summary>
    public static ObjectAddress DataOf(uint relation) => Of(DerivedStep.Data, relation);
}

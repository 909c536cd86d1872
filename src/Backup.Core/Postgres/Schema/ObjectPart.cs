namespace Backup.Core.Postgres.Schema;

/// <summary>A part of an object that can carry a comment or a security label of its own.</summary>
/// <param name="SubId">The column's number.</param>
/// <param name="Identity">How COMMENT ON names it, such as <c>COLUMN public.film.title</c>.</param>
internal sealed record ObjectPart(int SubId, string Identity)
{
    /// <summary>
    /// The object whose column the catalogs say it is, where that is not the object written: the relation behind a
    /// composite type.
    /// </summary>
    public ObjectAddress? Owner { get; init; }
}

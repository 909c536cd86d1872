namespace Backup.Core.Postgres.Schema;

/// <summary>An edge of <c>pg_depend</c>.</summary>
/// <param name="Dependent">What depends.</param>
/// <param name="Reference">What must exist, as a whole object.</param>
/// <param name="Type">The <c>deptype</c>: n normal, a automatic, i internal, e member of an extension, x, P and S.</param>
internal readonly record struct CatalogDependency(ObjectAddress Dependent, ObjectAddress Reference, char Type);

namespace Backup.Core.Postgres.Schema;

/// <summary>The objects that have statements of their own, in an order that restores.</summary>
/// <param name="Objects">The objects; what an object needs comes before it.</param>
/// <param name="Needs">What each of them needs directly.</param>
/// <param name="Parts">The parts of each container, split off or not.</param>
internal sealed record OrderedSchema(
    IReadOnlyList<SchemaObject> Objects,
    ObjectNeeds Needs,
    ILookup<SchemaObject, SchemaObject> Parts);

namespace Backup.Core.Postgres;

/// <summary>What is known of the platform that runs a database: which objects are the platform's and come with every database of it.</summary>
public enum DatabasePreset
{
    /// <summary>Nothing: every object is the database's own.</summary>
    None,

    /// <summary>
    /// A Supabase project. Definitions in the schemas that the platform manages (<c>auth</c>, <c>storage</c>, <c>realtime</c> and others) are left to it, and
    /// so is what its own roles made; policies, triggers, functions and tables that the project added there are kept, and so are the
    /// rows of users and files. A restore tolerates what a project has already: docs/supabase.md says all of it.
    /// </summary>
    Supabase,
}

namespace Backup.Core.ObjectStores.SupabaseStorage;

/// <summary>What a key lets its owner see.</summary>
internal enum KeyRights
{
    /// <summary>Its form does not tell.</summary>
    Unknown,

    /// <summary>Everything: row level security does not apply to it.</summary>
    All,

    /// <summary>What policies show, which may be nothing, and no answer tells what is left out.</summary>
    Limited,
}

namespace Backup.Core.Postgres.Presets;

/// <summary>The presets by their names in manifests and on command lines.</summary>
internal static class PresetName
{
    private const string Supabase = "supabase";

    /// <summary>The name; <see langword="null"/> for none.</summary>
    public static string? Of(DatabasePreset preset) => preset == DatabasePreset.Supabase ? Supabase : null;

    /// <summary>The preset of a name; none for a name that this version does not know.</summary>
    public static DatabasePreset Find(string? name) => name == Supabase ? DatabasePreset.Supabase : DatabasePreset.None;
}

using Backup.Core.Postgres.Schema;

namespace Backup.Core.Restore;

/// <summary>Names objects of the table of contents for people.</summary>
internal static class RestoreNames
{
    /// <summary>The qualified name: <c>public.film</c>, <c>public.film.film_pkey</c>, <c>postgis</c>.</summary>
    public static string Of(TocEntry entry)
    {
        var name = entry.Table is { } table && table != entry.Name ? $"{table}.{entry.Name}" : entry.Name;
        return entry.Schema is { } schema ? $"{schema}.{name}" : name;
    }

    /// <summary>Kind and qualified name: <c>TABLE public.film</c>.</summary>
    public static string WithKind(TocEntry entry) => $"{entry.Kind} {Of(entry)}";
}

namespace Backup.Core.Postgres.Schema;

/// <summary>Where a schema comes from.</summary>
internal enum SchemaOrigin
{
    /// <summary>The catalogs were read.</summary>
    Catalogs,

    /// <summary>This process had read the same catalogs before.</summary>
    Cache,

    /// <summary>It is the <see cref="KnownSchema"/> that was offered: all but the positions of sequences is the same.</summary>
    Known,
}

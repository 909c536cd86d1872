using Npgsql;

namespace Backup.Core.Postgres;

/// <summary>A connection of Npgsql's over which catalogs are read, and how long the server may say nothing to a statement.</summary>
/// <param name="Connection">The connection.</param>
/// <param name="Silence">The limit, rounded up to whole seconds; <see cref="Timeout.InfiniteTimeSpan"/> for none.</param>
internal readonly record struct CatalogLink(NpgsqlConnection Connection, TimeSpan Silence)
{
    /// <summary>The server's major version.</summary>
    public int MajorVersion => Connection.PostgreSqlVersion.Major;

    /// <summary>The database's name.</summary>
    public string Database => Connection.Database;

    /// <summary>The limit as the driver takes it; 0 for none.</summary>
    public int SilenceSeconds => Silence == Timeout.InfiniteTimeSpan ? 0 : Math.Max(1, (int)Math.Ceiling(Silence.TotalSeconds));

    /// <summary>The same connection, for statements that wait for other sessions.</summary>
    public CatalogLink Unlimited => Connection;

    /// <summary>The same connection, with no more time than this.</summary>
    public CatalogLink Within(TimeSpan limit) => this with { Silence = Silence == Timeout.InfiniteTimeSpan || Silence > limit ? limit : Silence };

    /// <summary>Takes a connection without a limit.</summary>
    public static implicit operator CatalogLink(NpgsqlConnection connection) => new(connection, Timeout.InfiniteTimeSpan);

    /// <summary>Makes a command. Its limit is always set: a lent data source may carry the driver's 30 seconds.</summary>
    public NpgsqlCommand Command(string text) => new(text, Connection) { CommandTimeout = SilenceSeconds };
}

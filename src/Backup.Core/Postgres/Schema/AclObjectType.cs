namespace Backup.Core.Postgres.Schema;

/// <summary>A kind of object that privileges can be granted on: its privileges by the letters of <c>aclitem</c>.</summary>
/// <remarks>See <see href="https://www.postgresql.org/docs/current/ddl-priv.html"/>.</remarks>
/// <param name="Letters">The letters in the order in which privileges are written.</param>
/// <param name="Names">The key words, one for each letter.</param>
internal sealed record AclObjectType(string Letters, params IReadOnlyList<string> Names)
{
    /// <summary>The letter of MAINTAIN.</summary>
    public const char Maintain = 'm';

    /// <summary>The first version that knows MAINTAIN.</summary>
    public const int MaintainVersion = 17;

    public static readonly AclObjectType Table = new(
        "rawdDxtm", "SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN");

    public static readonly AclObjectType Column = new("rawx", "SELECT", "INSERT", "UPDATE", "REFERENCES");
    public static readonly AclObjectType Sequence = new("rUw", "SELECT", "USAGE", "UPDATE");
    public static readonly AclObjectType Routine = new("X", "EXECUTE");
    public static readonly AclObjectType Usage = new("U", "USAGE");
    public static readonly AclObjectType Schema = new("CU", "CREATE", "USAGE");
    public static readonly AclObjectType LargeObject = new("rw", "SELECT", "UPDATE");
    public static readonly AclObjectType Parameter = new("sA", "SET", "ALTER SYSTEM");
    public static readonly AclObjectType Database = new("CcT", "CREATE", "CONNECT", "TEMPORARY");

    /// <summary>The letters that together are ALL on a server.</summary>
    public string LettersOf(int majorVersion) =>
        majorVersion < MaintainVersion ? Letters.Replace(Maintain.ToString(), "", StringComparison.Ordinal) : Letters;
}

namespace Backup.Core.Postgres;

/// <summary>What COPY's text format promises about bytes.</summary>
/// <remarks>
/// Every row ends in one line feed, a line feed inside a value is written as <c>\n</c>, and no server encoding has the byte
/// inside a multi-byte character. See <see href="https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.2"/>.
/// </remarks>
internal static class CopyText
{
    /// <summary>What ends a row, and stands nowhere else.</summary>
    public const byte RowEnd = (byte)'\n';

    /// <summary>The rows that end within the bytes.</summary>
    public static int CountRows(ReadOnlySpan<byte> bytes) => bytes.Count(RowEnd);

    /// <summary>The length of the leading bytes that hold whole rows only; 0 when no row ends there.</summary>
    public static int WholeRowsLength(ReadOnlySpan<byte> bytes) => bytes.LastIndexOf(RowEnd) + 1;
}

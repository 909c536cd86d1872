using System.Globalization;
using Backup.Core.Postgres.LargeObjects;

namespace Backup.Core.Postgres;

/// <summary>Writes the COPY statements.</summary>
internal static class CopyStatement
{
    /// <summary>COPY TO STDOUT of one page, in the database's own encoding: no byte is converted.</summary>
    public static string Export(TablePage page, string encoding)
    {
        var table = page.Table;
        var source = IsPlain(page)
            ? $"{table.Name.ToSql()} ({Columns(table.Columns)})"
            : $"({(table.LargeObjectCuts is { } cuts ? LargeObjects(cuts, page) : Select(table) + Where(page))})";
        return $"COPY {source} TO STDOUT (FORMAT text, ENCODING {SqlText.Literal(encoding)})";
    }

    /// <summary>COPY FROM STDIN into a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="columns">The columns, in the order of the rows' fields.</param>
    /// <param name="encoding">The encoding of the rows.</param>
    /// <param name="isEmptied">Whether this transaction has emptied the table. The rows are then written as frozen: what reads
    /// them first (an index, a foreign key, VACUUM) need not mark them, which would write every page, and with checksums
    /// the write-ahead log, once more. See <see href="https://www.postgresql.org/docs/current/sql-copy.html"/>, FREEZE.</param>
    public static string Import(QualifiedName table, IReadOnlyList<string> columns, string encoding, bool isEmptied)
    {
        // Without a list COPY takes every column that is not generated: of a table without such columns that is none.
        var list = columns.Count == 0 ? string.Empty : $" ({Columns(columns)})";
        return $"COPY {table.ToSql()}{list} FROM STDIN (FORMAT text, ENCODING {SqlText.Literal(encoding)}{(isEmptied ? ", FREEZE" : "")})";
    }

    /// <summary>COPY FROM STDIN that writes <see cref="LargeObjectRelations.Contents"/> into the large objects.</summary>
    /// <param name="encoding">The encoding of the rows.</param>
    /// <param name="isMixed">Whether the rows are of several snapshots.</param>
    public static string ImportLargeObjects(string encoding, bool isMixed) =>
        $"COPY {LargeObjectLoading.ContentsTable} FROM STDIN (FORMAT text, ENCODING {SqlText.Literal(encoding)}) {(isMixed ? LargeObjectLoading.MixedCondition : LargeObjectLoading.Condition)}";

    /// <summary>Whether the page is read by COPY of the table itself: no query is planned, so no index is locked.</summary>
    public static bool IsPlain(TablePage page) =>
        page is { FirstBlock: null or 0, EndBlock: null, Table: { Query: null, LargeObjectCuts: null, Condition: null, Columns.Count: > 0 } };

    /// <summary>A query of no rows that locks a table's indexes for the transaction, as planning a page's query will.</summary>
    public static string LockIndexes(QualifiedName table) => $"SELECT FROM ONLY {table.ToSql()} LIMIT 0";

    private static string LargeObjects(IReadOnlyList<LargeObjectPlace> cuts, TablePage page) => LargeObjectQueries.ByFunctions(
        page.FirstBlock is > 0 and { } first ? cuts[(int)first] : null, page.EndBlock is { } end ? cuts[(int)end] : null);

    private static string Select(TableInfo table) => table.Query ?? (table.Columns.Count == 0
        ? $"SELECT FROM ONLY {table.Name.ToSql()}"
        : $"SELECT {Columns(table.Columns)} FROM ONLY {table.Name.ToSql()}");

    private static string Columns(IReadOnlyList<string> columns) => string.Join(", ", columns.Select(SqlText.Identifier));

    private static string Where(TablePage page)
    {
        var terms = new List<string>(3);
        if (page.FirstBlock is > 0)
            terms.Add(string.Create(CultureInfo.InvariantCulture, $"ctid >= '({page.FirstBlock},0)'::tid"));
        if (page.EndBlock is not null)
            terms.Add(string.Create(CultureInfo.InvariantCulture, $"ctid < '({page.EndBlock},0)'::tid"));
        if (page.Table.Condition is not null)
            terms.Add(page.Table.Condition);
        return terms.Count == 0 ? string.Empty : $" WHERE {string.Join(" AND ", terms)}";
    }
}

namespace Backup.Core.Postgres.Schema;

/// <summary>Reads <c>pg_depend</c>, the largest catalog of most schemas but for that of columns.</summary>
internal static class CatalogDependencies
{
    // Sorted and made distinct here: the server would do it on its disk.
    private const string Query =
        """
        SELECT classid, objid, objsubid, refclassid, refobjid, deptype
        FROM pg_catalog.pg_depend d
        WHERE classid <> 0 AND (objid >= 16384 OR classid = 2615) AND NOT (classid = 2620 AND deptype = 'i')
            AND NOT EXISTS (
                SELECT FROM pg_catalog.pg_class c
                WHERE d.classid = 1259 AND c.oid = d.objid AND c.relnamespace = 'pg_toast'::pg_catalog.regnamespace)
        """;

    /// <summary>Reads the edges of objects that did not come with the server, columns taken for their objects, each edge once.</summary>
    /// <remarks>In the order of the catalogs' oids: of what makes an object, what is said of the whole object comes before its columns.</remarks>
    public static async Task<IReadOnlyList<CatalogDependency>> ReadAsync(ReadContext context, CancellationToken cancellationToken)
    {
        var rows = await context.QueryAsync(
            Query,
            row => new Row(row.Oid(0), row.Oid(1), row.GetInt32(2), row.Oid(3), row.Oid(4), row.Char(5)),
            cancellationToken).ConfigureAwait(false);
        rows.Sort();
        var edges = new List<CatalogDependency>(rows.Count);
        var seen = new HashSet<CatalogDependency>();
        foreach (var row in rows)
        {
            var edge = new CatalogDependency(new(row.ClassId, row.ObjectId), new(row.ReferenceClassId, row.ReferenceId), row.Type);
            if (edges.Count > 0 && edges[^1].Dependent != edge.Dependent)
            {
                seen.Clear();
            }

            if (seen.Add(edge))
            {
                edges.Add(edge);
            }
        }

        edges.TrimExcess();
        return edges;
    }

    private readonly record struct Row(uint ClassId, uint ObjectId, int SubId, uint ReferenceClassId, uint ReferenceId, char Type) : IComparable<Row>
    {
        public int CompareTo(Row other)
        {
            var result = ClassId.CompareTo(other.ClassId);
            result = result != 0 ? result : ObjectId.CompareTo(other.ObjectId);
            result = result != 0 ? result : SubId.CompareTo(other.SubId);
            result = result != 0 ? result : ReferenceClassId.CompareTo(other.ReferenceClassId);
            result = result != 0 ? result : ReferenceId.CompareTo(other.ReferenceId);
            return result != 0 ? result : Type.CompareTo(other.Type);
        }
    }
}

namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Adds the items that stand for rows: of every table that holds some, and of extensions' configuration tables.</summary>
internal sealed class TableDataReader : ObjectKindReader
{
    /// <inheritdoc/>
    public override Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        // The rows of a partitioned table are in its partitions.
        foreach (var table in catalog.Tables.Values.Where(table => table.RelationKind == 'r'))
        {
            catalog.Add(new SchemaObject
            {
                Address = ObjectAddress.DataOf(table.Oid),
                Kind = ObjectKinds.TableData,
                Schema = table.Name.Schema,
                Name = table.Name.Name,
                Table = table.Name.Name,
                BelongsTo = table.Address,
                DependsOn = [table.Address],
                IsBeyondExtension = catalog.IsConfiguration(table.Oid),
                Create = () => "",
            });
        }

        return Task.CompletedTask;
    }
}

using Backup.Core.Postgres.Schema.Kinds;

namespace Backup.Core.Postgres.Schema;

/// <summary>Reads a database's whole schema from its catalogs, in a number of queries that does not grow with the schema.</summary>
internal static class SchemaReader
{
    // So many columns have some thousand tables; those of fewer are read before a further connection is open.
    private const int ColumnsWorthAConnection = 10_000;

    /// <summary>Reads the schema as the connection's transaction sees it.</summary>
    /// <param name="connection">A connection inside the snapshot's transaction; its <c>search_path</c> is emptied for that transaction.</param>
    /// <param name="selection">The tables and schemas to take.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="Errors.DatabaseException">A catalog could not be read, or objects depend on each other in a circle.</exception>
    public static Task<DatabaseSchema> ReadAsync(
        CatalogLink connection, TableSelection selection, CancellationToken cancellationToken) =>
        ReadAsync(connection, static _ => Task.FromResult<CatalogLink?>(null), selection, cancellationToken);

    /// <summary>Reads the schema as the connection's transaction sees it, a large one over a second connection as well.</summary>
    /// <param name="connection">A connection inside the snapshot's transaction; its <c>search_path</c> is emptied for that transaction.</param>
    /// <param name="openBeside">Opens a further connection on the snapshot, which is disposed here; <see langword="null"/> when none can be had.</param>
    /// <param name="selection">The tables and schemas to take.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="Errors.DatabaseException">A catalog could not be read, or objects depend on each other in a circle.</exception>
    public static async Task<DatabaseSchema> ReadAsync(
        CatalogLink connection,
        Func<CancellationToken, Task<CatalogLink?>> openBeside,
        TableSelection selection,
        CancellationToken cancellationToken)
    {
        var context = await ReadContext.OpenAsync(connection, cancellationToken).ConfigureAwait(false);
        var shared = await SharedCatalogs.ReadAsync(context, cancellationToken).ConfigureAwait(false);
        var columns = await RelationColumns.ReadAsync(context, cancellationToken).ConfigureAwait(false);
        var catalog = new SchemaCatalog(selection, shared, columns);
        if (columns.Count >= ColumnsWorthAConnection && await openBeside(cancellationToken).ConfigureAwait(false) is { } beside)
        {
            var ahead = ReaderAhead.Start(new IndexesReader(), context, catalog, beside, cancellationToken);
            await using var disposal = ahead.ConfigureAwait(false);
            await ReadAllAsync(context, catalog, ahead, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await ReadAllAsync(context, catalog, null, cancellationToken).ConfigureAwait(false);
        }

        await context.CloseAsync(cancellationToken).ConfigureAwait(false);
        return TocBuilder.Build(catalog, DependencyOrder.Sort(catalog), context.Major);
    }

    private static async Task ReadAllAsync(
        ReadContext context, SchemaCatalog catalog, ReaderAhead? ahead, CancellationToken cancellationToken)
    {
        foreach (var reader in Readers())
        {
            var reading = ahead?.StandsFor(reader) == true ? ahead.EndAsync() : reader.ReadAsync(context, catalog, cancellationToken);
            await reading.ConfigureAwait(false);
        }
    }

    // Relations before what belongs to them (a view, too, may own a sequence). What must not be lost is looked for last.
    private static IEnumerable<ObjectKindReader> Readers() =>
    [
        new SchemasReader(),
        new ExtensionsReader(),
        new TablesReader(),
        new LanguagesReader(),
        new CollationsReader(),
        new BaseTypesReader(),
        new EnumTypesReader(),
        new DomainsReader(),
        new CompositeTypesReader(),
        new RangeTypesReader(),
        new RoutinesReader(),
        new AggregatesReader(),
        new CastsReader(),
        new TransformsReader(),
        new AccessMethodsReader(),
        new OperatorsReader(),
        new OperatorClassesReader(),
        new SystemFamilyMembersReader(),
        new ConversionsReader(),
        new TextSearchReader(),
        new ForeignServersReader(),
        new ViewsReader(),
        new MaterializedViewsReader(),
        new SequencesReader(),
        new ColumnDefaultsReader(),
        new ConstraintsReader(),
        new InheritedValidationsReader(),
        new IndexesReader(),
        new ExtendedStatisticsReader(),
        new TableAttachmentsReader(),
        new RowSecurityReader(),
        new TableDataReader(),
        new RulesReader(),
        new TriggersReader(),
        new PoliciesReader(),
        new PublicationsReader(),
        new SubscriptionsReader(),
        new SystemRelationAclsReader(),
        new SystemTypeAclsReader(),
        new DefaultAclsReader(),
        new EventTriggersReader(),
        new UnsupportedKindsReader(),
    ];
}

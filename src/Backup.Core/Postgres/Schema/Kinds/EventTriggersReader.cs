namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Reads event triggers, which are made last: they would fire on every statement of the restore.</summary>
internal sealed class EventTriggersReader : ObjectKindReader
{
    private const string Query =
        """
        SELECT oid, evtname, evtevent, evtowner, evtenabled, evttags, evtfoid::regproc::text
        FROM pg_catalog.pg_event_trigger
        WHERE oid >= 16384
        """;

    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var triggers = await context.QueryAsync(
            Query,
            row => new EventTrigger(
                row.Oid(0),
                row.GetString(1),
                row.GetString(2),
                context.RoleName(row.Oid(3)),
                row.Char(4),
                row.Texts(5) ?? [],
                row.GetString(6)),
            cancellationToken).ConfigureAwait(false);
        foreach (var trigger in triggers)
        {
            catalog.Add(ToObject(trigger));
        }
    }

    private static SchemaObject ToObject(EventTrigger trigger)
    {
        var name = SqlText.Identifier(trigger.Name);
        return new SchemaObject
        {
            Address = new ObjectAddress(SystemCatalog.EventTrigger, trigger.Oid),
            Kind = ObjectKinds.EventTrigger,
            Name = trigger.Name,
            Create = () => Create(trigger, name),
            Drop = $"DROP EVENT TRIGGER IF EXISTS {name};\n",
            Identity = $"EVENT TRIGGER {name}",
            Owner = trigger.Owner,
            Requires = () => trigger.Event == "login" ? [VersionRequirement.From(17, "an event trigger on login")] : [],
        };
    }

    private static string Create(EventTrigger trigger, string name)
    {
        var tags = string.Join(", ", trigger.Tags.Select(SqlText.Literal));
        var when = trigger.Tags.Length == 0 ? "" : $"\n    WHEN TAG IN ({tags})";
        var state = FiringState.Words(trigger.Enabled) is { } words ? $"ALTER EVENT TRIGGER {name} {words};\n" : "";
        return $"CREATE EVENT TRIGGER {name} ON {trigger.Event}{when}\n    EXECUTE FUNCTION {trigger.Function}();\n{state}";
    }

    private sealed record EventTrigger(
        uint Oid, string Name, string Event, string Owner, char Enabled, string[] Tags, string Function);
}

using Backup.Core.Errors;
using Npgsql;

namespace Backup.Core.Postgres.Schema;

/// <summary>
/// What every kind reader shares: the connection inside the snapshot's transaction, the server's version and the
/// look-ups that are read once for the whole database. Used by one caller at a time.
/// </summary>
internal sealed class ReadContext
{
    /// <summary>A condition on <c>pg_namespace n</c>: schemas that are not the server's own.</summary>
    public const string UserSchema = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

    private const string Savepoint = "schema_reading";

    // With an empty path every name outside pg_catalog comes out qualified. The plans that exact row order asks for
    // (see the session's settings) would make joins over large catalogs quadratic, and the usual memory would send the sorting of
    // ten thousand tables to the disk. Rolling back restores all of it.
    private const string Settings =
        $"""
        SAVEPOINT {Savepoint};
        SET LOCAL search_path = '';
        SET LOCAL enable_seqscan = on;
        SET LOCAL enable_indexscan = on;
        SET LOCAL enable_indexonlyscan = on;
        SET LOCAL enable_bitmapscan = on;
        SET LOCAL jit = off;
        SET LOCAL work_mem = '16MB';
        """;

    private readonly CatalogLink _connection;
    private readonly Dictionary<uint, string> _schemas;
    private readonly Dictionary<uint, string> _roles;
    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);

    // Where the first query goes, and what it waits for before it ends.
    private (CatalogLink Connection, Task Turn)? _ahead;

    private ReadContext(CatalogLink connection, int serverVersion, Dictionary<uint, string> schemas, Dictionary<uint, string> roles)
    {
        _connection = connection;
        _schemas = schemas;
        _roles = roles;
        ServerVersion = serverVersion;
    }

    /// <summary>The server's version as <c>server_version_num</c> has it.</summary>
    public int ServerVersion { get; }

    /// <summary>The server's major version, such as 15.</summary>
    public int Major => ServerVersion / 10_000;

    /// <summary>A context without settings and look-ups of its own, for queries alone.</summary>
    public static ReadContext Bare(CatalogLink connection) => new(connection, 0, [], []);

    /// <summary>
    /// Opens the context on a connection in the caller's transaction and reads schemas and roles. The settings it makes
    /// end with <see cref="CloseAsync"/>.
    /// </summary>
    public static async Task<ReadContext> OpenAsync(CatalogLink connection, CancellationToken cancellationToken)
    {
        var bare = Bare(connection);
        await bare.ExecuteAsync(Settings, cancellationToken).ConfigureAwait(false);
        var versions = await bare.QueryAsync(
            "SELECT current_setting('server_version_num')::int4", row => row.GetInt32(0), cancellationToken).ConfigureAwait(false);
        var context = new ReadContext(connection, versions[0], [], []);
        await context.ReadNamesAsync("SELECT oid, nspname FROM pg_catalog.pg_namespace", context._schemas, cancellationToken)
            .ConfigureAwait(false);
        await context.ReadNamesAsync("SELECT oid, rolname FROM pg_catalog.pg_roles", context._roles, cancellationToken)
            .ConfigureAwait(false);
        return context;
    }

    /// <summary>
    /// A context for a reader that begins before its turn: its first query runs at once over another connection, and ends when the turn has come. If it
    /// fails there it runs again over this context's connection, as all that follow do.
    /// </summary>
    /// <param name="beside">A connection inside the same snapshot, whose settings are changed until its transaction ends.</param>
    /// <param name="turn">Ends when the reader may use what those before it have read, and this context's connection.</param>
    public ReadContext Ahead(CatalogLink beside, Task turn) => new(_connection, ServerVersion, _schemas, _roles) { _ahead = (beside, turn) };

    /// <summary>Gives the transaction its settings back.</summary>
    public Task CloseAsync(CancellationToken cancellationToken) =>
        ExecuteAsync($"ROLLBACK TO SAVEPOINT {Savepoint}; RELEASE SAVEPOINT {Savepoint}", cancellationToken);

    /// <summary>Runs one catalog query, or several in one message, and maps each row.</summary>
    /// <exception cref="DatabaseException">The server refused the query.</exception>
    public async Task<List<T>> QueryAsync<T>(string sql, Func<NpgsqlDataReader, T> map, CancellationToken cancellationToken)
    {
        List<T>? rows = null;
        if (_ahead is var (beside, turn))
        {
            _ahead = null;
            rows = await TryQueryAsync(beside, sql, map, cancellationToken).ConfigureAwait(false);
            await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return rows ?? await QueryAsync(_connection, sql, map, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<List<T>?> TryQueryAsync<T>(
        CatalogLink connection, string sql, Func<NpgsqlDataReader, T> map, CancellationToken cancellationToken)
    {
        try
        {
            await Bare(connection).ExecuteAsync(Settings, cancellationToken).ConfigureAwait(false);
            return await QueryAsync(connection, sql, map, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is DatabaseException || DatabaseFault.IsFromDriver(e))
        {
            // It was to save time. If there is a reason beyond the connection, it is met again.
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
    }

    private static async Task<List<T>> QueryAsync<T>(
        CatalogLink connection, string sql, Func<NpgsqlDataReader, T> map, CancellationToken cancellationToken)
    {
        try
        {
            var command = connection.Command(sql);
            await using var disposal = command.ConfigureAwait(false);
            var rows = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using var rowsDisposal = rows.ConfigureAwait(false);
            var result = new List<T>();
            do
            {
                while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    result.Add(map(rows));
                }
            }
            while (await rows.NextResultAsync(cancellationToken).ConfigureAwait(false));

            return result;
        }
        catch (PostgresException e)
        {
            throw Refused(e);
        }
        catch (InvalidCastException e)
        {
            // The server's functions know what is there now, not what was at the snapshot's instant: of what is gone they say NULL.
            throw new DatabaseException("An object was dropped while its definition was read.", e)
            {
                Stage = "Schema",
                Category = ErrorCategory.Conflict,
                IsTransient = true,
                Hint = "Run again, at a time when nobody changes definitions.",
            };
        }
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        try
        {
            var command = _connection.Command(sql);
            await using var disposal = command.ConfigureAwait(false);
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException e)
        {
            throw Refused(e);
        }
    }

    private static DatabaseException Refused(PostgresException cause) =>
        new($"Reading the schema failed: {cause.MessageText}", cause)
        {
            SqlState = cause.SqlState,
            Stage = "Schema",
            Category = ErrorCategory.Damaged,
            Hint = "Another session may have dropped an object meanwhile, or a catalog is not readable for this role: run it again.",
        };

    /// <summary>The true name of a schema.</summary>
    public string SchemaName(uint oid) => _schemas.TryGetValue(oid, out var name)
        ? name
        : throw new DatabaseException($"The catalogs name schema {oid}, which does not exist.")
        {
            Stage = "Schema",
            Category = ErrorCategory.Damaged,
            Hint = "The source's catalogs are damaged: repair them (drop or reassign the object) before the backup.",
        };

    /// <summary>The true name of a role.</summary>
    public string RoleName(uint oid) => _roles.TryGetValue(oid, out var name)
        ? name
        : throw new DatabaseException($"The catalogs name role {oid}, which does not exist.")
        {
            Stage = "Schema",
            Category = ErrorCategory.Damaged,
            Hint = "An object's owner was removed from the catalogs by force: give the object to an existing role.",
        };

    /// <summary>One and the same text for each that is equal: many columns have the same name and type.</summary>
    public string Same(string text)
    {
        if (_texts.TryGetValue(text, out var known))
        {
            return known;
        }

        _texts.Add(text);
        return text;
    }

    /// <summary>A qualified name as SQL.</summary>
    public string Qualified(uint schema, string name) => new QualifiedName(SchemaName(schema), name).ToSql();

    private async Task ReadNamesAsync(string sql, Dictionary<uint, string> names, CancellationToken cancellationToken)
    {
        foreach (var (oid, name) in await QueryAsync(sql, row => (row.GetFieldValue<uint>(0), row.GetString(1)), cancellationToken)
            .ConfigureAwait(false))
        {
            names[oid] = name;
        }
    }
}

using Backup.Core.Postgres.Schema;
using Backup.Core.Restore;
using Backup.Core.Sinks;
using Backup.TestKit.PostgreSql;
using Npgsql;

namespace Backup.Core.IntegrationTests.Restore;

/// <summary>Indexes and keys of a table are made while rows of other tables are still on their way.</summary>
[Collection(RestoreCollection.Name)]
public sealed class OverlapTests(PostgresFixture postgres)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunAsync_RowsOfOneTableAreLate_MakesTheForeignKeyOfOthersMeanwhile(bool preserveRowOrder)
    {
        const string Late = "424242\n";
        var sink = await new HandMadeBackup()
            .WithTable("child", "1\n2\n1\n2\n1\n2\n")
            .WithTable("parent", "1\n", "2\n")
            .WithTable("late", Late)
            .With(TocSection.PostData, "CONSTRAINT", "parent_pkey", "ALTER TABLE public.parent ADD CONSTRAINT parent_pkey PRIMARY KEY (id)", "parent", "parent")
            .With(TocSection.PostData, "INDEX", "late_id", "CREATE INDEX late_id ON public.late (id)", "late", "late")
            .With(
                TocSection.PostData, "FK CONSTRAINT", "child_fk",
                "ALTER TABLE public.child ADD CONSTRAINT child_fk FOREIGN KEY (id) REFERENCES public.parent (id)", "child", "child", "parent", "parent_pkey")
            .WriteAsync();
        var target = await postgres.CreateDatabaseAsync();
        using var limit = new CancellationTokenSource(Limit);
        await using var connection = await PostgresFixture.OpenAsync(target);
        await ListenAsync(connection);

        // The rows of the late table are not to be had before the target has told of the foreign key.
        var gated = new GatedSink(sink, await PlaceOfAsync(sink, Late), token => connection.WaitAsync(token));
        var result = await new RestorePipelineBuilder().UseSink(gated).UsePostgres(target)
            .ConfigureOptions(options => (options.Connections, options.PreserveRowOrder) = (2, preserveRowOrder))
            .Build().RunAsync(new RestoreRequest(), null, limit.Token);

        Assert.Equal(RestoreOutcome.Complete, result.Outcome);
        Assert.Equal((9, 6), (result.Rows, result.Objects));
    }

    private static async Task ListenAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(
            """
            LISTEN foreign_key;
            CREATE SCHEMA watch;
            CREATE FUNCTION watch.tell() RETURNS event_trigger LANGUAGE plpgsql AS $$
              BEGIN
                IF EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conname = 'child_fk') THEN
                  PERFORM pg_catalog.pg_notify('foreign_key', '');
                END IF;
              END $$;
            CREATE EVENT TRIGGER tell ON ddl_command_end WHEN TAG IN ('ALTER TABLE') EXECUTE FUNCTION watch.tell();
            """,
            connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<long> PlaceOfAsync(InMemorySink sink, string rows)
    {
        await using var stream = await sink.OpenReadAsync(GatedSink.Volume);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return copy.ToArray().AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(rows));
    }

    /// <summary>Opens the entry at a place of the volume only when something has happened.</summary>
    private sealed class GatedSink(InMemorySink inner, long place, Func<CancellationToken, Task> waitAsync) : IBackupSink
    {
        public static readonly string Volume = $"{HandMadeBackup.Id}/volume-0001.zip";

        public SinkCapabilities Capabilities => inner.Capabilities;

        public async ValueTask<Stream> OpenReadAsync(
            string name, long offset = 0, long? length = null, CancellationToken cancellationToken = default)
        {
            const int LongestHeader = 100;
            if (name == Volume && offset < place && place - offset < LongestHeader)
            {
                await waitAsync(cancellationToken);
            }

            return await inner.OpenReadAsync(name, offset, length, cancellationToken);
        }

        public ValueTask<SinkWriter> CreateAsync(string name, CancellationToken cancellationToken = default) =>
            inner.CreateAsync(name, cancellationToken);

        public IAsyncEnumerable<SinkObject> ListAsync(string prefix, CancellationToken cancellationToken = default) =>
            inner.ListAsync(prefix, cancellationToken);

        public ValueTask DeleteAsync(string name, CancellationToken cancellationToken = default) => inner.DeleteAsync(name, cancellationToken);
    }
}

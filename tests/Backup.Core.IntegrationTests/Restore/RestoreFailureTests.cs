using Backup.Core.Errors;
using Backup.Core.Postgres.Schema;
using Backup.Core.Restore;
using Backup.Core.Sinks;
using Backup.TestKit.PostgreSql;
using Npgsql;

namespace Backup.Core.IntegrationTests.Restore;

[Collection(RestoreCollection.Name)]
public sealed class RestoreFailureTests(PostgresFixture postgres)
{
    [Fact]
    public async Task RunAsync_PageDoesNotFit_EmptiesThatTableAndLoadsTheOthers()
    {
        var sink = await new HandMadeBackup().WithTable("bad", "1\n2\n", "3\nx\n", "5\n").WithTable("good", "1\n", "2\n").WriteAsync();
        var target = await postgres.CreateDatabaseAsync();

        var result = await RestoreAsync(sink, target);

        Assert.Equal(RestoreOutcome.CompletedWithFailures, result.Outcome);
        var failure = Assert.Single(result.Failures);
        Assert.Equal(("TABLE DATA", "public.bad", "22P02"), (failure.Kind, failure.Subject, failure.SqlState));
        Assert.Equal([("bad", false, 0L), ("good", true, 2L)], result.Tables.Select(table => (table.Name, table.IsComplete, table.Rows)));
        Assert.Equal(0, await CountAsync(target, "bad"));
        Assert.Equal(2, await CountAsync(target, "good"));
    }

    [Fact]
    public async Task RunAsync_PageDoesNotFitAndStopOnFirstError_ThrowsAndLeavesNoHalfTable()
    {
        var sink = await new HandMadeBackup().WithTable("bad", "1\n", "x\n").WriteAsync();
        var target = await postgres.CreateDatabaseAsync();

        var exception = await Assert.ThrowsAsync<RestoreException>(
            () => RestoreAsync(sink, target, new RestoreRequest { StopOnFirstError = true }));

        Assert.Equal("public.bad", exception.Subject);
        Assert.Equal(0, await CountAsync(target, "bad"));
    }

    [Fact]
    public async Task RunAsync_PageIsDamaged_EmptiesThatTable()
    {
        var sink = await new HandMadeBackup().WithTable("bad", "1\n2\n").WithTable("good", "1\n").WriteAsync();
        var volume = $"{HandMadeBackup.Id}/volume-0001.zip";
        await using (var stream = await sink.OpenReadAsync(volume))
        {
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy);
            var bytes = copy.ToArray();
            bytes[bytes.AsSpan().IndexOf("1\n2\n"u8)]++;
            await sink.DeleteAsync(volume);
            await using var writer = await sink.CreateAsync(volume);
            await writer.WriteAsync(bytes);
            await writer.CommitAsync();
        }

        var target = await postgres.CreateDatabaseAsync();

        var result = await RestoreAsync(sink, target);

        var failure = Assert.Single(result.Failures);
        Assert.Equal("public.bad", failure.Subject);
        Assert.Contains($" of volume-0001.zip of backup {HandMadeBackup.Id} ", failure.Reason, StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync(target, "bad"));
        Assert.Equal(1, await CountAsync(target, "good"));
    }

    [Fact]
    public async Task RunAsync_ConstraintFails_GivesUpWhatNeedsItAndMakesTheRest()
    {
        var sink = await new HandMadeBackup()
            .WithTable("twice", "1\n1\n")
            .WithTable("child", "1\n")
            .With(TocSection.PostData, "CONSTRAINT", "twice_pkey", "ALTER TABLE public.twice ADD CONSTRAINT twice_pkey PRIMARY KEY (id)", "twice", "twice")
            .With(TocSection.PostData, "INDEX", "child_id", "CREATE INDEX child_id ON public.child (id)", "child", "child")
            .With(
                TocSection.PostData, "FK CONSTRAINT", "child_fk",
                "ALTER TABLE public.child ADD CONSTRAINT child_fk FOREIGN KEY (id) REFERENCES public.twice (id)", "child", "child", "twice_pkey")
            .WriteAsync();
        var target = await postgres.CreateDatabaseAsync();

        var result = await RestoreAsync(sink, target);

        Assert.Equal(["public.twice.twice_pkey", "public.child.child_fk"], result.Failures.Select(failure => failure.Subject));
        Assert.Equal("23505", result.Failures[0].SqlState);
        Assert.Contains("ADD CONSTRAINT twice_pkey", result.Failures[0].Statement, StringComparison.Ordinal);
        Assert.DoesNotContain("=(1)", result.Failures[0].Reason, StringComparison.Ordinal);
        Assert.Contains("CONSTRAINT public.twice.twice_pkey", result.Failures[1].Reason, StringComparison.Ordinal);
        Assert.Contains("child_id", await PgDump.SchemaAsync(target), StringComparison.Ordinal);
        Assert.Equal(2, await CountAsync(target, "twice"));
    }

    [Fact]
    public async Task RunAsync_LabelsOfAModuleThatTheTargetLacks_AreNamedAndTheRestIsThere()
    {
        var sink = await new HandMadeBackup()
            .WithTable("labelled", "1\n")
            .With(
                TocSection.PreData, "SECURITY LABEL", "labelled",
                "SECURITY LABEL FOR \"a module\" ON TABLE public.labelled IS 'secret';\nSECURITY LABEL FOR \"a module\" ON COLUMN public.labelled.id IS 'x'",
                "labelled", "labelled")
            .WriteAsync();
        var target = await postgres.CreateDatabaseAsync();

        var result = await RestoreAsync(sink, target);

        var failure = Assert.Single(result.Failures);
        Assert.Equal(("SECURITY LABEL", "22023"), (failure.Kind, failure.SqlState));
        Assert.Contains("shared_preload_libraries", failure.Hint, StringComparison.Ordinal);
        Assert.Contains("SECURITY LABEL FOR \"a module\" ON COLUMN public.labelled.id", failure.Statement, StringComparison.Ordinal);
        Assert.Equal(1, await CountAsync(target, "labelled"));
    }

    [Fact]
    public async Task RunAsync_DefinitionFails_LeavesTheTargetAsItWas()
    {
        var sink = await new HandMadeBackup()
            .WithTable("first", "1\n")
            .With(TocSection.PreData, "TABLE", "second", "CREATE TABLE public.second (id no_such_type)", "second")
            .WriteAsync();
        var target = await postgres.CreateDatabaseAsync();
        var before = await PgDump.SchemaAsync(target);

        var exception = await Assert.ThrowsAsync<RestoreException>(() => RestoreAsync(sink, target));

        Assert.Contains("TABLE public.second", exception.Message, StringComparison.Ordinal);
        Assert.Contains("no_such_type", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was changed", exception.Message, StringComparison.Ordinal);
        Assert.Contains("CREATE TABLE public.second", exception.Statement, StringComparison.Ordinal);
        Assert.Equal(before, await PgDump.SchemaAsync(target));
    }

    [Fact]
    public async Task RunAsync_CleanThenDefinitionFails_KeepsWhatWasThere()
    {
        var sink = await new HandMadeBackup()
            .WithTable("first", "1\n")
            .With(TocSection.PreData, "TABLE", "second", "CREATE TABLE public.second (id no_such_type)", "second")
            .WriteAsync();
        var target = await postgres.CreateDatabaseAsync();
        await ExecuteAsync(target, "CREATE TABLE public.first (id int); INSERT INTO public.first VALUES (41), (42), (43)");

        await Assert.ThrowsAsync<RestoreException>(() => RestoreAsync(sink, target, new RestoreRequest { Clean = true }));

        Assert.Equal(3, await CountAsync(target, "first"));
    }

    [Fact]
    public async Task RunAsync_CleanAndOthersDependOnIt_NamesThemAndChangesNothing()
    {
        var sink = await new HandMadeBackup().WithTable("first", "1\n").WriteAsync();
        var target = await postgres.CreateDatabaseAsync();
        await ExecuteAsync(target, "CREATE TABLE public.first (id int); CREATE VIEW public.foreign_view AS SELECT id FROM public.first");

        var exception = await Assert.ThrowsAsync<RestoreException>(
            () => RestoreAsync(sink, target, new RestoreRequest { Clean = true }));

        Assert.Contains("foreign_view", exception.Message, StringComparison.Ordinal);
        Assert.NotNull(exception.Hint);
    }

    [Fact]
    public async Task RunAsync_RoleIsMissing_NamesItUnlessOwnersAreSkipped()
    {
        var sink = await new HandMadeBackup()
            .WithTable("owned", "1\n")
            .Change(entry => entry with
            {
                Owner = "nobody here",
                SetOwner = "ALTER TABLE public.owned OWNER TO \"nobody here\";\n",
                Roles = ["nobody here"],
            })
            .WriteAsync();
        var target = await postgres.CreateDatabaseAsync();

        var exception = await Assert.ThrowsAsync<RestoreException>(() => RestoreAsync(sink, target));
        Assert.Contains("CREATE ROLE \"nobody here\";", exception.Message, StringComparison.Ordinal);
        var result = await RestoreAsync(sink, target, new RestoreRequest { SkipOwnersAndPrivileges = true });

        Assert.Equal(RestoreOutcome.Complete, result.Outcome);
        Assert.Equal(1, await CountAsync(target, "owned"));
    }

    [Fact]
    public async Task RunAsync_RowsByARoleThatMayNotSwitchTriggersOff_LoadsReferredTablesFirst()
    {
        var sink = await new HandMadeBackup().WithTable("child", "1\n2\n").WithTable("parent", "1\n2\n").WriteAsync();
        var target = await CreateAsAsync(
            "CREATE TABLE public.parent (id int PRIMARY KEY); CREATE TABLE public.child (id int REFERENCES public.parent)");

        var result = await RestoreAsync(sink, target, new RestoreRequest { Scope = RestoreScope.DataOnly });

        Assert.Empty(result.Failures);
        Assert.Equal(4, result.Rows);
    }

    [Fact]
    public async Task RunAsync_RowsByThatRoleAndForeignKeysInACircle_RefusesAndSaysWhatToDo()
    {
        var sink = await new HandMadeBackup().WithTable("child", "1\n").WithTable("parent", "1\n").WriteAsync();
        var target = await CreateAsAsync(
            "CREATE TABLE public.parent (id int PRIMARY KEY); CREATE TABLE public.child (id int PRIMARY KEY REFERENCES public.parent);"
            + "ALTER TABLE public.parent ADD FOREIGN KEY (id) REFERENCES public.child");

        var exception = await Assert.ThrowsAsync<RestoreException>(
            () => RestoreAsync(sink, target, new RestoreRequest { Scope = RestoreScope.DataOnly }));

        Assert.Contains("public.child, public.parent", exception.Message, StringComparison.Ordinal);
        Assert.Contains("GRANT SET ON PARAMETER", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_RowsIntoATableWithoutTheColumn_NamesIt()
    {
        var sink = await new HandMadeBackup().WithTable("narrow", "1\n").WithTable("absent", "1\n").WriteAsync();
        var target = await postgres.CreateDatabaseAsync();
        await ExecuteAsync(target, "CREATE TABLE public.narrow (other int)");

        var exception = await Assert.ThrowsAsync<RestoreException>(
            () => RestoreAsync(sink, target, new RestoreRequest { Scope = RestoreScope.DataOnly }));

        Assert.Contains("public.narrow lacks the column id", exception.Message, StringComparison.Ordinal);
        Assert.Contains("lacks 1 of the tables: public.absent", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_NoSuchDatabase_SaysSoWithoutThePassword()
    {
        var sink = await new HandMadeBackup().WithTable("t", "1\n").WriteAsync();
        var target = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync()) { Database = "no_such_database" };

        var exception = await Assert.ThrowsAsync<DatabaseException>(() => RestoreAsync(sink, target.ConnectionString));

        Assert.Contains("no_such_database", exception.Message, StringComparison.Ordinal);
    }

    // A database that belongs to a role without any further rights, with a schema of that role.
    private async Task<string> CreateAsAsync(string sql)
    {
        var target = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync());
        await ExecuteAsync(
            target.ConnectionString,
            $"""
            DO $$ BEGIN CREATE ROLE plain_restorer LOGIN PASSWORD 'plain'; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
            GRANT CREATE ON SCHEMA public TO plain_restorer
            """);
        target.Username = "plain_restorer";
        target.Password = "plain";
        await ExecuteAsync(target.ConnectionString, sql);
        return target.ConnectionString;
    }

    private static Task<RestoreResult> RestoreAsync(InMemorySink sink, string target, RestoreRequest? request = null) =>
        new RestorePipelineBuilder().UseSink(sink).UsePostgres(target).ConfigureOptions(options => options.Connections = 2).Build()
            .RunAsync(request ?? new RestoreRequest());

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = await PostgresFixture.OpenAsync(connectionString);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<long> CountAsync(string connectionString, string table)
    {
        await using var connection = await PostgresFixture.OpenAsync(connectionString);
        await using var command = new NpgsqlCommand($"SELECT count(*) FROM public.{table}", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}

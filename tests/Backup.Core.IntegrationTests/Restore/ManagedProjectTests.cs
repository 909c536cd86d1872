using Backup.Core.Pipeline;
using Backup.Core.Postgres;
using Backup.Core.Restore;
using Backup.Core.Sinks;
using Backup.TestKit.Databases;
using Backup.TestKit.PostgreSql;
using Npgsql;

namespace Backup.Core.IntegrationTests.Restore;

/// <summary>From one hosted project into another of a different version, by an owner who is no superuser.</summary>
public sealed class ManagedProjectTests(ManagedProjectTests.Scene scene) : IClassFixture<ManagedProjectTests.Scene>
{
    private static readonly TableSelection Preset = new() { Preset = DatabasePreset.Supabase };

    private const string Users =
        "SELECT md5(string_agg(concat_ws('|', id, email, email_confirmed_at, confirmed_at, raw_user_meta_data, created_at), ',' ORDER BY id)) FROM auth.users";

    private const string Own =
        """
        SELECT string_agg(item, E'\n' ORDER BY item) FROM (
            SELECT 'profile ' || md5(string_agg(p::text, ',' ORDER BY id)) FROM public.profiles p
            UNION ALL SELECT 'hidden ' || secret FROM public.hidden
            UNION ALL SELECT 'identities ' || md5(string_agg(i::text, ',' ORDER BY id)) FROM auth.identities i
            UNION ALL SELECT 'tokens ' || count(*) FROM auth.refresh_tokens
            UNION ALL SELECT 'next ' || last_value FROM auth.refresh_tokens_id_seq
            UNION ALL SELECT 'audit ' || count(*) FROM public.audit
            UNION ALL SELECT 'file ' || bucket_id || name || metadata::text || path_tokens::text FROM storage.objects
            UNION ALL SELECT 'note ' || note FROM realtime.notes
            UNION ALL SELECT 'policy ' || schemaname || '.' || tablename || '.' || policyname || roles::text || qual FROM pg_policies
            UNION ALL SELECT 'comment ' || d.description FROM pg_policy p JOIN pg_description d ON d.objoid = p.oid
            UNION ALL SELECT 'trigger ' || tgrelid::regclass || pg_get_triggerdef(oid) || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
            UNION ALL SELECT 'published ' || pubname || schemaname || '.' || tablename FROM pg_publication_tables
            UNION ALL SELECT 'key ' || conrelid::regclass || pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text LIKE '%profiles'
            UNION ALL SELECT 'acl ' || c.oid::regclass || coalesce((SELECT string_agg(x::text, ' ' ORDER BY x::text) FROM unnest(c.relacl) x), '')
                FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'S')
            UNION ALL SELECT 'acl ' || p.oid::regprocedure || coalesce((SELECT string_agg(x::text, ' ' ORDER BY x::text) FROM unnest(p.proacl) x), '')
                FROM pg_proc p WHERE pronamespace = 'public'::regnamespace
            UNION ALL SELECT 'default acl ' || (d.defaclrole::regrole, d.defaclnamespace::regnamespace, d.defaclobjtype, d.defaclacl)::text FROM pg_default_acl d
        ) all_of_it(item)
        """;

    [Fact]
    public async Task RunAsync_ProjectOfAnotherVersionByItsOwner_BringsBackWhatIsTheProjectsOwn() => await TestAsync(scene, "other");

    [Fact]
    public async Task RunAsync_ProjectsOfPostgres17_BringsBackWhatIsTheProjectsOwn()
    {
        var newer = new Scene { Major = 17 };
        await newer.InitializeAsync();
        try
        {
            await TestAsync(newer, "other");
        }
        finally
        {
            await newer.DisposeAsync();
        }
    }

    [Fact]
    public async Task RunAsync_BackupOfTheWholeDatabase_BringsTheProjectsOwnIntoAProject()
    {
        var target = await ManagedProject.CreateTargetAsync(scene.Server, "of_the_whole");
        var sink = new InMemorySink();
        await new BackupPipelineBuilder().UsePostgres(scene.Source.Admin).UseSink(sink).Build().RunAsync(new BackupRequest());

        var result = await new RestorePipelineBuilder().UseSink(sink).UsePostgres(target.Database).Build()
            .RunAsync(new RestoreRequest { Tables = Preset });

        Assert.Equal(["EVENT TRIGGER note_ddl"], result.Failures.Select(failure => $"{failure.Kind} {failure.Subject}"));
        Assert.Equal(
            ["auth", "extensions", "graphql_public", "realtime", "storage", "vault"],
            result.Plan.LeftOut.Where(item => item.Kind == "SCHEMA" && item.Reason.StartsWith("The project has", StringComparison.Ordinal)).Select(item => item.Name));
        await AssertEqualAsync(scene.Source, target);
    }

    [Fact]
    public async Task RunAsync_IntoAPlainDatabase_BringsBackWhatCanBe()
    {
        var sink = new InMemorySink();
        await new BackupPipelineBuilder().UsePostgres(scene.Source.Database).UseSink(sink).Build()
            .RunAsync(new BackupRequest { Tables = Preset with { ExcludeTables = ["public.members"] } });
        await ManagedProject.ExecuteAsync(scene.Source.Admin, "CREATE DATABASE plain TEMPLATE template0");
        var plain = new ManagedProject("", new NpgsqlConnectionStringBuilder(scene.Source.Admin) { Database = "plain" }.ConnectionString);

        var result = await new RestorePipelineBuilder().UseSink(sink).UsePostgres(plain.Admin).Build().RunAsync(new RestoreRequest());

        Assert.Contains("TABLE DATA auth.users", result.Plan.LeftOut.Select(item => $"{item.Kind} {item.Name}"));
        Assert.Contains("FK CONSTRAINT public.profiles.profiles_id_fkey", result.Failures.Select(failure => $"{failure.Kind} {failure.Subject}"));
        Assert.Equal("3000 s", await plain.ReadAsync("SELECT concat_ws(' ', (SELECT count(*) FROM public.profiles), (SELECT secret FROM public.hidden))"));
    }

    private static async Task TestAsync(Scene scene, string name)
    {
        var target = await ManagedProject.CreateTargetAsync(scene.Server, name);
        var sink = new InMemorySink();
        var backup = await new BackupPipelineBuilder().UsePostgres(scene.Source.Database).UseSink(sink).Build()
            .RunAsync(new BackupRequest { Tables = Preset });

        Assert.Equal("supabase", backup.Manifest!.Database!.Preset);
        Assert.Equal(
            ["auth.identities", "auth.oauth_clients", "auth.refresh_tokens", "auth.users", "realtime.notes", "storage.buckets", "storage.objects"],
            backup.Tables.Select(table => table.Table.ToString()).Where(name => !name.StartsWith("public.", StringComparison.Ordinal)));

        await RestoreAsync(sink, target, new RestoreRequest());
        await AssertEqualAsync(scene.Source, target);

        // Once more, over what is there now; then the rows alone, which the triggers that are there now must not see.
        await RestoreAsync(sink, target, new RestoreRequest { Clean = true });
        await AssertEqualAsync(scene.Source, target);
        await RestoreAsync(sink, target, new RestoreRequest { Clean = true, Scope = RestoreScope.DataOnly });
        await AssertEqualAsync(scene.Source, target);
    }

    private static async Task RestoreAsync(InMemorySink sink, ManagedProject target, RestoreRequest request)
    {
        var result = await new RestorePipelineBuilder().UseSink(sink).UsePostgres(target.Database).Build().RunAsync(request);

        // A hosted project lets its owner make event triggers; a plain server lets superusers only.
        Assert.Equal(
            request.Scope == RestoreScope.DataOnly ? [] : ["EVENT TRIGGER note_ddl"],
            result.Failures.Select(failure => $"{failure.Kind} {failure.Subject}"));
        Assert.Equal(["TABLE DATA auth.oauth_clients"], result.Plan.LeftOut.Select(item => $"{item.Kind} {item.Name}"));
        Assert.Contains(result.Notices, notice => notice.Contains("auth.users lacks the columns banned_until, is_anonymous", StringComparison.Ordinal)
            || notice.Contains("auth.users lacks the columns is_anonymous, banned_until", StringComparison.Ordinal));
    }

    private static async Task AssertEqualAsync(ManagedProject source, ManagedProject target)
    {
        Assert.Equal(await source.ReadAsync(Users), await target.ReadAsync(Users));
        Assert.Equal(await source.ReadAsync(Own), await target.ReadAsync(Own));
        Assert.Equal("free", await target.ReadAsync("SELECT string_agg(DISTINCT tier, ' ') FROM auth.users"));
    }

    /// <summary>A server with the roles of a hosted project, and the project that is backed up.</summary>
    public sealed class Scene : IAsyncLifetime
    {
        private PostgresServer? _server;
        private ManagedProject? _source;

        /// <summary>The server's major version.</summary>
        public int Major { get; init; } = 15;

        /// <summary>The server.</summary>
        public PostgresServer Server => _server ?? throw new InvalidOperationException("The scene is not set.");

        /// <summary>The project.</summary>
        public ManagedProject Source => _source ?? throw new InvalidOperationException("The scene is not set.");

        public async Task InitializeAsync()
        {
            _server = await PostgresServer.StartAsync(new PostgresServerOptions { Major = Major });
            await ManagedProject.PrepareAsync(_server);
            _source = await ManagedProject.CreateSourceAsync(_server);
        }

        public async Task DisposeAsync() => await Server.DisposeAsync();
    }
}

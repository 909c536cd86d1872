using Backup.Core.Errors;
using Backup.Core.ObjectStores;
using Backup.Core.Pipeline;
using Backup.Core.Restore;
using Backup.Core.Sinks;
using Backup.TestKit;
using Backup.TestKit.PostgreSql;
using Backup.TestKit.Storage;
using Npgsql;

namespace Backup.Core.IntegrationTests.Restore;

/// <summary>An application whose tables refer to stored objects, restored together with the files.</summary>
[Collection(RestoreCollection.Name)]
public sealed class FilesAndRowsTests(PostgresFixture postgres)
{
    private const string Owner = "7b7a9c0e-36e4-4b0c-9f5e-0f3b1b0a1c2d";

    // The mirror writes as a replica, which only ALWAYS fires in.
    private const string Application =
        """
        CREATE TABLE public.uploads (name text);
        CREATE FUNCTION public.log_upload() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN INSERT INTO public.uploads VALUES (NEW.name); RETURN NULL; END $$;
        CREATE TRIGGER log_uploads AFTER INSERT OR UPDATE ON storage.objects FOR EACH ROW EXECUTE FUNCTION public.log_upload();
        ALTER TABLE storage.objects ENABLE ALWAYS TRIGGER log_uploads;
        CREATE POLICY "read own" ON storage.objects FOR SELECT USING (owner_id = current_user);
        CREATE TABLE public.avatar (id int PRIMARY KEY, file uuid NOT NULL REFERENCES storage.objects (id));
        INSERT INTO public.avatar SELECT row_number() OVER (ORDER BY name), id FROM storage.objects;
        """;

    private const string Rows =
        """
        SELECT string_agg(concat_ws('|', id, bucket_id, name, owner, owner_id, created_at, updated_at, metadata ->> 'mimetype',
            metadata ->> 'cacheControl', user_metadata), E'\n' ORDER BY bucket_id, name COLLATE "C") FROM storage.objects
        """;

    private const string Buckets =
        """
        SELECT string_agg(concat_ws('|', id, name, owner, owner_id, public, file_size_limit, allowed_mime_types, created_at, updated_at), E'\n' ORDER BY id)
        FROM storage.buckets
        """;

    private const string Additions =
        """
        SELECT (SELECT count(*) FROM public.avatar) || ' avatars, ' || (SELECT count(*) FROM public.uploads) || ' uploads, '
            || (SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated AND conrelid = 'public.avatar'::regclass) || ' key, '
            || (SELECT count(*) FROM pg_trigger WHERE tgrelid = 'storage.objects'::regclass AND tgname = 'log_uploads' AND tgenabled = 'A') || ' trigger, '
            || (SELECT count(*) FROM pg_policy WHERE polrelid = 'storage.objects'::regclass) || ' policy'
        """;

    [Fact]
    public async Task RunAsync_DatabaseAndStore_RowsFilesIdsOwnersAndTimesComeBackOnce()
    {
        await using var source = await StorageProject.StartAsync(postgres);
        var sink = await BackUpAsync(source);
        await using var target = await StorageProject.StartAsync(postgres);

        var result = await RestoreAsync(sink, target, new RestoreRequest());

        Assert.Empty(result.Failures);
        Assert.Empty(result.Notices);
        Assert.Equal(3, result.FilesUploaded.Objects);
        Assert.Equal(await source.ReadAsync(Rows), await target.ReadAsync(Rows));
        Assert.Equal(await source.ReadAsync(Buckets), await target.ReadAsync(Buckets));
        Assert.Equal("3 avatars, 0 uploads, 1 key, 1 trigger, 1 policy", await target.ReadAsync(Additions));
        Assert.Equal(await source.ContentsAsync(), await target.ContentsAsync());
        Assert.Contains(result.Plan.LeftOut, item => (item.Kind, item.Name) == ("SCHEMA", "storage"));
        Assert.Contains(result.Plan.LeftOut, item => (item.Kind, item.Name) == ("TABLE DATA", "storage.objects"));
    }

    [Fact]
    public async Task RunAsync_CleanSecondTime_SkipsTheFilesAndKeepsTheRows()
    {
        await using var source = await StorageProject.StartAsync(postgres);
        var sink = await BackUpAsync(source);
        await using var target = await StorageProject.StartAsync(postgres);
        await RestoreAsync(sink, target, new RestoreRequest());

        var result = await RestoreAsync(sink, target, new RestoreRequest { Clean = true });

        Assert.Empty(result.Failures);
        Assert.Equal((0, 3), (result.FilesUploaded.Objects, result.FilesSkipped.Objects));
        Assert.Equal(await source.ReadAsync(Rows), await target.ReadAsync(Rows));
        Assert.Equal("3 avatars, 0 uploads, 1 key, 1 trigger, 1 policy", await target.ReadAsync(Additions));
    }

    [Fact]
    public async Task RunAsync_TargetWithoutStorageServer_RowsComeBackWithTheSchema()
    {
        await using var source = await StorageProject.StartAsync(postgres);
        var sink = await BackUpAsync(source);
        var target = await postgres.CreateDatabaseAsync();
        using var folder = new TemporaryFolder();

        var result = await new RestorePipelineBuilder().UseSink(sink).UsePostgres(target)
            .UseObjectStore(new DirectoryObjectStore(folder.Path)).Build().RunAsync(new RestoreRequest());

        Assert.Empty(result.Failures);
        Assert.Equal(await source.ReadAsync(Rows), await StorageProject.ReadAsync(target, Rows));
        Assert.Equal("3 avatars, 0 uploads, 1 key, 1 trigger, 1 policy", await StorageProject.ReadAsync(target, Additions));
        Assert.Equal("first", await File.ReadAllTextAsync(Path.Combine(folder.Path, "avatars", "me (1).txt")));
    }

    [Fact]
    public async Task RunAsync_DatabaseAlone_LoadsTheRowsAsAlways()
    {
        await using var source = await StorageProject.StartAsync(postgres);
        var sink = await BackUpAsync(source);
        var target = await postgres.CreateDatabaseAsync();

        var result = await new RestorePipelineBuilder().UseSink(sink).UsePostgres(target).Build().RunAsync(new RestoreRequest());

        Assert.Empty(result.Failures);
        Assert.Equal(await source.ReadAsync(Rows), await StorageProject.ReadAsync(target, Rows));
    }

    [Fact]
    public async Task RunAsync_WrongKey_ChangesNothing()
    {
        await using var source = await StorageProject.StartAsync(postgres);
        var sink = await BackUpAsync(source);
        await using var target = await StorageProject.StartAsync(postgres);

        foreach (var key in new[] { target.Server.AnonKey, "not-a-key" })
        {
            await Assert.ThrowsAsync<ObjectStoreException>(() => RestoreAsync(sink, target, new RestoreRequest(), key));
        }

        Assert.Equal("0", await target.ReadAsync("SELECT count(*)::text FROM pg_tables WHERE schemaname = 'public'"));
        Assert.Empty(target.Server.State.Buckets);
    }

    [Fact]
    public async Task RunAsync_DryRun_ShowsBothSidesAndChangesNothing()
    {
        await using var source = await StorageProject.StartAsync(postgres);
        var sink = await BackUpAsync(source);
        await using var target = await StorageProject.StartAsync(postgres);

        var result = await RestoreAsync(sink, target, new RestoreRequest { DryRun = true });

        Assert.Equal(RestoreOutcome.Planned, result.Outcome);
        Assert.Equal(["avatars", "papers"], result.Plan.Buckets.Select(bucket => bucket.Id));
        Assert.Equal(3, result.Plan.Buckets.Sum(bucket => bucket.Forecast!.Created.Objects));
        Assert.Contains(result.Plan.Tables, table => table.Name == "avatar");
        Assert.Empty(target.Server.State.Buckets);
    }

    [Fact]
    public async Task RunAsync_DataOnlyIntoTheSameSchema_RowsAndFilesComeBack()
    {
        await using var source = await StorageProject.StartAsync(postgres);
        var sink = await BackUpAsync(source);
        await using var target = await StorageProject.StartAsync(postgres);
        await target.ExecuteAsync(Application);

        var result = await RestoreAsync(sink, target, new RestoreRequest { Scope = RestoreScope.DataOnly });

        Assert.Empty(result.Failures);
        Assert.Equal(await source.ReadAsync(Rows), await target.ReadAsync(Rows));
        Assert.Equal(
            "3", await target.ReadAsync("SELECT count(*)::text FROM public.avatar a JOIN storage.objects o ON o.id = a.file"));
    }

    [Fact]
    public async Task RunAsync_MoreObjectsThanABatch_AllRowsArePutBack()
    {
        await using var source = await StorageProject.StartAsync(postgres);
        await source.Server.State.CreateBucketAsync("many");
        await source.Server.State.PutManyAsync(
            Enumerable.Range(0, 1234).Select(number => new NewObject("many", $"{number:D4}", StoredContent.Of($"{number}")) { OwnerId = Owner }));
        var sink = await BackUpAsync(source);
        await using var target = await StorageProject.StartAsync(postgres);

        var result = await RestoreAsync(sink, target, new RestoreRequest());

        Assert.Empty(result.Failures);
        Assert.Empty(result.Notices);
        Assert.Equal(await source.ReadAsync(Rows), await target.ReadAsync(Rows));
    }

    [Fact]
    public async Task RunAsync_RoleMayNotChangeTheRows_IsANoticeAndTheFilesAreThere()
    {
        await using var source = await StorageProject.StartAsync(postgres);
        var sink = await BackUpAsync(source, "CREATE TABLE public.plain (id int)");
        await using var target = await StorageProject.StartAsync(postgres);
        await target.ExecuteAsync(
            """
            DO $$ BEGIN CREATE ROLE files_restorer LOGIN PASSWORD 'plain'; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
            GRANT ALL ON SCHEMA public TO files_restorer;
            """);
        var database = new NpgsqlConnectionStringBuilder(target.Database) { Username = "files_restorer", Password = "plain" }.ConnectionString;

        var result = await new RestorePipelineBuilder().UseSink(sink).UsePostgres(database).UseSupabaseStorage(target.Options())
            .Build().RunAsync(new RestoreRequest { SkipOwnersAndPrivileges = true });

        Assert.Equal(RestoreOutcome.Complete, result.Outcome);
        Assert.Contains("could not be put back: permission denied", Assert.Single(result.Notices), StringComparison.Ordinal);
        Assert.Equal(await source.ContentsAsync(), await target.ContentsAsync());
    }

    private static async Task<InMemorySink> BackUpAsync(StorageProject project, string application = Application)
    {
        var time = new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero).AddMicroseconds(123456);
        await project.Server.State.CreateBucketAsync(new BucketRow
        {
            Id = "avatars",
            Name = "avatars",
            IsPublic = true,
            FileSizeLimitBytes = 1_000_000,
            AllowedMimeTypes = ["text/plain"],
            OwnerId = Owner,
            CreatedAt = time,
            UpdatedAt = time.AddMicroseconds(1),
        });
        await project.Server.State.CreateBucketAsync("papers");
        await project.Server.State.PutAsync(new NewObject("avatars", "me (1).txt", StoredContent.Of("first"))
        {
            ContentType = "text/plain",
            CacheControl = "max-age=60",
            UserMetadata = """{"by":"me"}""",
            OwnerId = Owner,
            CreatedAt = time,
        });
        await project.Server.State.PutAsync("papers", "2026/empty.txt", "");
        await project.Server.State.PutAsync("papers", "2026/long.txt", new string('x', 200_000));
        await project.ExecuteAsync(application);
        var sink = new InMemorySink();
        using var store = project.CreateStore();
        var result = await new BackupPipelineBuilder().UseSink(sink).UsePostgres(project.Database).UseObjectStore(store)
            .Build().RunAsync(new BackupRequest());
        Assert.Equal(BackupOutcome.Complete, result.Outcome);
        return sink;
    }

    private static async Task<RestoreResult> RestoreAsync(InMemorySink sink, StorageProject target, RestoreRequest request, string? key = null) =>
        await new RestorePipelineBuilder().UseSink(sink).UsePostgres(target.Database).UseSupabaseStorage(target.Options(key))
            .Build().RunAsync(request);
}

using Backup.Core.ObjectStores;
using Backup.Core.Pipeline;
using Backup.Core.Postgres;
using Backup.Core.Restore;
using Backup.Core.Sinks;
using Backup.TestKit;
using Backup.TestKit.PostgreSql;
using Backup.TestKit.Storage;
using Npgsql;

namespace Backup.Core.IntegrationTests.Restore;

/// <summary>Rows and files into targets that are not quite like the source.</summary>
[Collection(RestoreCollection.Name)]
public sealed class FilesTargetTests(PostgresFixture postgres)
{
    private const string Paper = "CREATE TABLE public.paper (file uuid PRIMARY KEY REFERENCES storage.objects (id))";
    private const string Rows = "SELECT coalesce(string_agg(bucket_id || '/' || name || ' ' || id, ', ' ORDER BY name), '') FROM storage.objects";

    [Fact]
    public async Task RunAsync_DataOnlyByARoleThatCannotSwitchForeignKeysOff_LoadsRowsThatReferToFiles()
    {
        await using var source = await SupabaseProject.CreateAsync(postgres.Server);
        var sink = await BackUpAsync(source);
        await using var target = await SupabaseProject.CreateAsync(postgres.Server);
        await ExecuteAsync(
            target,
            $"""
            {Paper};
            DO $$ BEGIN CREATE ROLE rows_and_files LOGIN PASSWORD 'plain' BYPASSRLS; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
            GRANT USAGE ON SCHEMA storage TO rows_and_files;
            GRANT ALL ON ALL TABLES IN SCHEMA public, storage TO rows_and_files;
            """);
        var database = new NpgsqlConnectionStringBuilder(target.Database) { Username = "rows_and_files", Password = "plain" }.ConnectionString;

        var result = await new RestorePipelineBuilder().UseSink(sink).UsePostgres(database).UseSupabaseStorage(target.StorageOptions)
            .Build().RunAsync(new RestoreRequest { Scope = RestoreScope.DataOnly });

        Assert.Empty(result.Failures);
        Assert.Equal(await ReadAsync(source, Rows), await ReadAsync(target, Rows));
        Assert.Equal("2", await ReadAsync(target, "SELECT count(*)::text FROM public.paper"));
    }

    [Fact]
    public async Task RunAsync_FilesIntoAFolder_RowsOfFilesAreRestoredLikeAnyOthers()
    {
        await using var source = await SupabaseProject.CreateAsync(postgres.Server);
        var sink = await BackUpAsync(source);
        await using var target = await SupabaseProject.CreateAsync(postgres.Server);
        await ExecuteAsync(target, Paper);
        using var folder = new TemporaryFolder();

        var result = await new RestorePipelineBuilder().UseSink(sink).UsePostgres(target.Database)
            .UseObjectStore(new DirectoryObjectStore(folder.Path)).Build().RunAsync(new RestoreRequest { Scope = RestoreScope.DataOnly });

        Assert.Empty(result.Failures);
        Assert.Empty(result.Plan.LeftOut);
        Assert.Equal(await ReadAsync(source, Rows), await ReadAsync(target, Rows));
        Assert.Equal("two", await File.ReadAllTextAsync(Path.Combine(folder.Path, "papers", "2.txt")));
    }

    [Fact]
    public async Task RunAsync_ProjectWithItsFiles_LoadsNoRowsThatStandForFiles()
    {
        await using var source = await SupabaseProject.CreateAsync(postgres.Server);
        await BackUpAsync(source);
        var sink = new InMemorySink();
        await new BackupPipelineBuilder().UseSink(sink).UsePostgres(source.Database).UseSupabaseStorage(source.StorageOptions)
            .Build().RunAsync(new BackupRequest { Tables = new TableSelection { Preset = DatabasePreset.Supabase } });
        await using var target = await SupabaseProject.CreateAsync(postgres.Server);

        var rows = await new RestorePipelineBuilder().UseSink(sink).UsePostgres(target.Database).Build().RunAsync(new RestoreRequest());
        Assert.Equal(["FK CONSTRAINT public.paper.paper_file_fkey"], rows.Failures.Select(failure => $"{failure.Kind} {failure.Subject}"));
        Assert.Equal(["TABLE DATA storage.objects"], rows.Plan.LeftOut.Select(item => $"{item.Kind} {item.Name}"));
        Assert.Equal("", await ReadAsync(target, Rows));

        var files = await new RestorePipelineBuilder().UseSink(sink).UsePostgres(target.Database).UseSupabaseStorage(target.StorageOptions)
            .Build().RunAsync(new RestoreRequest { Clean = true });
        Assert.Empty(files.Failures);
        Assert.Equal(2, files.FilesUploaded.Objects);
        Assert.Equal(await ReadAsync(source, Rows), await ReadAsync(target, Rows));
    }

    private static async Task<InMemorySink> BackUpAsync(SupabaseProject project)
    {
        await project.Storage.State.CreateBucketAsync("papers");
        await project.Storage.State.PutAsync("papers", "1.txt", "one");
        await project.Storage.State.PutAsync("papers", "2.txt", "two");
        await ExecuteAsync(project, $"{Paper}; INSERT INTO public.paper SELECT id FROM storage.objects");
        var sink = new InMemorySink();
        await new BackupPipelineBuilder().UseSink(sink).UsePostgres(project.Database).UseSupabaseStorage(project.StorageOptions)
            .Build().RunAsync(new BackupRequest());
        return sink;
    }

    private static async Task ExecuteAsync(SupabaseProject project, string sql)
    {
        await using var connection = await PostgresFixture.OpenAsync(project.Database);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<string> ReadAsync(SupabaseProject project, string query)
    {
        await using var connection = await PostgresFixture.OpenAsync(project.Database);
        await using var command = new NpgsqlCommand(query, connection);
        return (string)(await command.ExecuteScalarAsync())!;
    }
}

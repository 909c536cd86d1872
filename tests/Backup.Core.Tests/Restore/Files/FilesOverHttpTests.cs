using System.Text;
using Backup.Core.ObjectStores;
using Backup.Core.ObjectStores.SupabaseStorage;
using Backup.Core.Restore;
using Backup.Core.Sinks;
using Backup.TestKit.Archives;
using Backup.TestKit.Storage;
using StorageCall = Backup.TestKit.Storage.StorageCall;

namespace Backup.Core.Tests.Restore.Files;

/// <summary>Uploads to a server on the loopback that break off on either side.</summary>
public sealed class FilesOverHttpTests
{
    [Theory]
    [InlineData(2_000_000, 1_900_000)]
    [InlineData(2_000_000, 10)]
    [InlineData(100, 50)]
    public async Task RunAsync_DamagedEntry_ServerKeepsWhatItHad(int bytes, int damagedAt)
    {
        await using var server = await StorageServer.StartAsync();
        await server.State.CreateBucketAsync("b");
        await server.State.PutAsync("b", "bad", "before");
        var content = new byte[bytes];
        new Random(5).NextBytes(content);
        var sink = await new FilesBackup()
            .With(new StoredObject { Bucket = "b", Name = "bad" }, content)
            .With(new StoredObject { Bucket = "b", Name = "worse" }, content)
            .With("b", "good", "fine")
            .WriteAsync();
        await DamageAsync(sink, content.AsSpan(damagedAt, 16).ToArray());

        var result = await RestoreAsync(sink, server);

        Assert.Equal(["b/bad", "b/worse"], result.Failures.Select(failure => failure.Subject).Order());
        Assert.All(result.Failures, failure => Assert.Contains("CRC-32", failure.Reason, StringComparison.Ordinal));
        Assert.Equal(["bad", "good"], server.State.Objects("b").Select(item => item.Name));
        Assert.Equal(6, server.State.Find("b", "bad")!.Content!.Length);

        // What breaks off is not sent again: the backup would be no better.
        Assert.InRange(server.Requests.Count(StorageCall.IsUpload), 1, 3);
    }

    [Fact]
    public async Task RunAsync_ServerFailsForAWhile_ObjectsAreUploadedAtTheEnd()
    {
        await using var server = await StorageServer.StartAsync();
        server.Faults.Add(StorageCall.Upload("b", "2"), Fault.Status(500), times: 1);
        server.Faults.Add(StorageCall.Upload("b", "3"), Fault.Close, times: 1);
        var sink = await new FilesBackup().With("b", "1", "1").With("b", "2", "22").With("b", "3", "333").WriteAsync();

        var result = await RestoreAsync(sink, server);

        Assert.Equal(RestoreOutcome.Complete, result.Outcome);
        Assert.Equal([1L, 2L, 3L], server.State.Objects("b").Select(item => item.Content!.Length));
    }

    [Fact]
    public async Task RunAsync_SecondTime_FindsEverythingIdentical()
    {
        await using var server = await StorageServer.StartAsync();
        await server.State.CreateBucketAsync("b");
        await server.State.PutAsync(new NewObject("b", "with all", StoredContent.Of("text"))
        {
            ContentType = "text/html",
            CacheControl = "max-age=5",
            UserMetadata = """{"zeta":1,"a":{"b":[1,2]}}""",
        });
        await server.State.PutAsync("b", "empty", "");
        var backup = new FilesBackup();
        using (var store = new SupabaseStorageStore(OptionsOf(server)))
        {
            foreach (var row in server.State.Objects("b"))
            {
                backup.With((await store.FindObjectAsync("b", row.Name))!, row.Name == "empty" ? [] : [.. "text"u8]);
            }
        }

        var result = await RestoreAsync(await backup.WriteAsync(), server);

        Assert.Equal((0, 2), (result.FilesUploaded.Objects, result.FilesSkipped.Objects));
    }

    [Theory]
    [InlineData("text", false)]
    [InlineData("text", true)]
    [InlineData("", true)]
    public async Task RunAsync_RowWhoseFileIsGone_IsUploadedAgain(string text, bool hasS3Backend)
    {
        await using var server = await StorageServer.StartAsync(new StorageServerOptions { HasS3Backend = hasS3Backend });
        await server.State.CreateBucketAsync("b");
        await server.State.PutAsync("b", "gone", text);
        await server.State.PutAsync("b", "there", text);
        var backup = new FilesBackup();
        using (var store = new SupabaseStorageStore(OptionsOf(server)))
        {
            backup.With((await store.FindObjectAsync("b", "gone"))!, Encoding.UTF8.GetBytes(text));
            backup.With((await store.FindObjectAsync("b", "there"))!, Encoding.UTF8.GetBytes(text));
        }

        await server.State.LoseContentAsync("b", "gone");

        var result = await RestoreAsync(await backup.WriteAsync(), server);

        Assert.Equal((1, 1, 0), (result.FilesUploaded.Objects, result.FilesSkipped.Objects, result.Failures.Count));
        Assert.Equal(text.Length, server.State.Find("b", "gone")!.Content!.Length);
    }

    private static Task<RestoreResult> RestoreAsync(InMemorySink sink, StorageServer server) =>
        new RestorePipelineBuilder().UseSink(sink).UseSupabaseStorage(OptionsOf(server)).Build().RunAsync(new RestoreRequest());

    private static SupabaseStorageOptions OptionsOf(StorageServer server) => new() { Url = server.Address, Key = server.ServiceKey, MaxRetries = 0 };

    // Both objects hold the same bytes.
    private static async Task DamageAsync(InMemorySink sink, byte[] at)
    {
        var name = $"{ArchiveBuilder.Id}/volume-0001.zip";
        var volume = await sink.ReadObjectAsync(name);
        for (var place = volume.AsSpan().IndexOf(at); place >= 0; place = volume.AsSpan().IndexOf(at))
        {
            volume[place] ^= 1;
        }

        await sink.WriteObjectAsync(name, volume);
    }
}

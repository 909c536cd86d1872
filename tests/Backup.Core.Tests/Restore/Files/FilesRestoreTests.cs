using System.Text;
using Backup.Core.Compression;
using Backup.Core.Errors;
using Backup.Core.ObjectStores;
using Backup.Core.Restore;
using Backup.Core.Sinks;
using Backup.Core.Tests.Verification;
using Backup.TestKit;
using Backup.TestKit.Archives;
using Backup.TestKit.Storage;

namespace Backup.Core.Tests.Restore.Files;

public sealed class FilesRestoreTests
{
    private static readonly BucketInfo Photos = new()
    {
        Id = "photos",
        Name = "Photos",
        IsPublic = true,
        FileSizeLimitBytes = 1_000_000,
        AllowedMediaTypes = ["image/*"],
    };

    private static readonly StoredObject Cat = new()
    {
        Bucket = "photos",
        Name = "2026/cat (1).jpg",
        ContentType = "image/jpeg",
        CacheControl = "max-age=3600",
        UserMetadata = """{"by":"me"}""",
    };

    [Fact]
    public async Task RunAsync_EmptyStore_BringsBackBucketsBytesAndProperties()
    {
        var content = new byte[300_000];
        new Random(1).NextBytes(content);
        var sink = await new FilesBackup().With(Photos).With(Cat, content).With("notes", "a.txt", "one").With("notes", "empty", "")
            .With(new BucketInfo { Id = "void", Name = "void" })
            .WriteAsync(new ZstandardCompressor());
        var store = new InMemoryObjectStore();

        var result = await FilesRestore.RunAsync(sink, store);

        Assert.Equal(RestoreOutcome.Complete, result.Outcome);
        Assert.Equal(new ObjectCount(3, 300_003), result.FilesUploaded);
        Assert.Equal(["notes", "photos", "void"], result.Buckets.Select(bucket => bucket.Id));
        Assert.All(result.Buckets, bucket => Assert.True(bucket.IsCreated));
        Assert.Equal(content, store.ContentOf("photos", Cat.Name));
        Assert.Empty(store.ContentOf("notes", "empty")!);
        var made = store.Buckets.Single(bucket => bucket.Id == "photos");
        Assert.Equal((Photos.Name, true, 1_000_000L), (made.Name, made.IsPublic, made.FileSizeLimitBytes));
        Assert.Equal(Photos.AllowedMediaTypes, made.AllowedMediaTypes);
        var cat = store.Objects.Single(item => item.Name == Cat.Name);
        Assert.Equal((Cat.ContentType, Cat.CacheControl, Cat.UserMetadata), (cat.ContentType, cat.CacheControl, cat.UserMetadata));
        Assert.DoesNotContain(store.Calls, call => call.StartsWith("find", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_SecondTime_SkipsWhatIsIdentical()
    {
        var store = new InMemoryObjectStore().With(Photos).With(Cat, [1, 2, 3]).With(new StoredObject { Bucket = "photos", Name = "b" }, [4]);
        var backup = new FilesBackup().With(Photos);
        foreach (var item in store.Objects)
        {
            backup.With(item, store.ContentOf(item.Bucket, item.Name)!);
        }

        var result = await FilesRestore.RunAsync(await backup.WriteAsync(), store);

        Assert.Equal(RestoreOutcome.Complete, result.Outcome);
        Assert.Equal(new ObjectCount(2, 4), result.FilesSkipped);
        Assert.DoesNotContain(store.Calls, call => call.StartsWith("put", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(ConflictPolicy.SkipIdentical, 1, 1)]
    [InlineData(ConflictPolicy.Overwrite, 2, 0)]
    public async Task RunAsync_ObjectsDiffer_OverwritesByPolicy(ConflictPolicy policy, int uploaded, int skipped)
    {
        var store = new InMemoryObjectStore().With(Cat, [1]).With(Cat with { Name = "same" }, [7]);
        var sink = await new FilesBackup()
            .With(Cat, [2])
            .With(store.Objects.Single(item => item.Name == "same"), [7])
            .WriteAsync();

        var result = await FilesRestore.RunAsync(sink, store, new RestoreRequest { OnConflict = policy });

        Assert.Equal((uploaded, skipped), (result.FilesUploaded.Objects, result.FilesSkipped.Objects));
        Assert.Equal([2], store.ContentOf("photos", Cat.Name));
    }

    [Fact]
    public async Task RunAsync_ConflictsFail_NamesThemAndOverwritesNothing()
    {
        var store = new InMemoryObjectStore().With(Cat, [1]);
        var sink = await new FilesBackup().With(Cat, [2]).With("photos", "new.jpg", "x").WriteAsync();

        var result = await FilesRestore.RunAsync(sink, store, new RestoreRequest { OnConflict = ConflictPolicy.Fail });

        Assert.Equal(RestoreOutcome.CompletedWithFailures, result.Outcome);
        var failure = Assert.Single(result.Failures);
        Assert.Equal(("OBJECT", $"photos/{Cat.Name}"), (failure.Kind, failure.Subject));
        Assert.Equal([1], store.ContentOf("photos", Cat.Name));
        Assert.Equal("x"u8, store.ContentOf("photos", "new.jpg")!);
        Assert.Equal((1, 1), (result.FilesUploaded.Objects, result.FilesFailed.Objects));
    }

    [Fact]
    public async Task RunAsync_BucketsAndPrefixChosen_RestoresOnlyThose()
    {
        var sink = await new FilesBackup().With("a", "docs/1", "1").With("a", "docs2", "2").With("a", "x", "3").With("b", "y", "4").With("c", "docs/5", "5")
            .WriteAsync();
        var store = new InMemoryObjectStore();

        var result = await FilesRestore.RunAsync(
            sink, store, new RestoreRequest { Objects = new ObjectSelection { Buckets = ["a", "b"], Prefix = "docs" } });

        Assert.Equal(["docs/1", "docs2"], store.Objects.Select(item => item.Name));
        Assert.Equal(["a"], store.Buckets.Select(bucket => bucket.Id));
        Assert.Equal(["a"], result.Plan.Buckets.Select(bucket => bucket.Id));
    }

    [Fact]
    public async Task RunAsync_NothingMatches_ThrowsBeforeAnythingChanges()
    {
        var sink = await new FilesBackup().With("a", "x", "1").WriteAsync();
        var store = new InMemoryObjectStore();

        var exception = await Assert.ThrowsAsync<RestoreException>(
            () => FilesRestore.RunAsync(sink, store, new RestoreRequest { Objects = new ObjectSelection { Buckets = ["a", "photo*"] } }));
        await Assert.ThrowsAsync<RestoreException>(
            () => FilesRestore.RunAsync(sink, store, new RestoreRequest { Objects = new ObjectSelection { Prefix = "y" } }));

        Assert.Equal("photo*", exception.Subject);
        Assert.Empty(store.Buckets);
    }

    [Fact]
    public async Task RunAsync_SettingsDiffer_SaysSoAndKeepsThem()
    {
        var store = new InMemoryObjectStore().With(Photos with { IsPublic = false });
        var sink = await new FilesBackup().With(Photos).With(Cat, [1]).WriteAsync();

        var result = await FilesRestore.RunAsync(sink, store);

        Assert.Equal(RestoreOutcome.Complete, result.Outcome);
        Assert.Contains("it is private and was public", Assert.Single(result.Notices), StringComparison.Ordinal);
        Assert.Equal(["it is private and was public"], Assert.Single(result.Plan.Buckets).DifferingSettings);
        Assert.False(Assert.Single(store.Buckets).IsPublic);
    }

    [Theory]
    [InlineData(ConflictPolicy.SkipIdentical, 1, 1, 1, 0)]
    [InlineData(ConflictPolicy.Overwrite, 1, 0, 2, 0)]
    [InlineData(ConflictPolicy.Fail, 1, 0, 0, 2)]
    public async Task RunAsync_DryRun_CountsWhatWouldBecomeOfThem(ConflictPolicy policy, int created, int skipped, int overwritten, int conflicting)
    {
        var store = new InMemoryObjectStore().With(Cat, [1, 1]).With(Cat with { Name = "same" }, [7]);
        var sink = await new FilesBackup()
            .With(Cat, [2, 2])
            .With(store.Objects.Single(item => item.Name == "same"), [7])
            .With("photos", "new", "abc")
            .With("notes", "n", "n")
            .WriteAsync();

        var result = await FilesRestore.RunAsync(sink, store, new RestoreRequest { DryRun = true, OnConflict = policy });

        Assert.Equal(RestoreOutcome.Planned, result.Outcome);
        Assert.Empty(result.Failures);
        var notes = result.Plan.Buckets[0];
        Assert.Equal((false, new ObjectCount(1, 1)), (notes.Exists, notes.Forecast!.Created));
        var photos = result.Plan.Buckets[1];
        Assert.Equal((true, new ObjectCount(3, 6)), (photos.Exists, photos.Chosen));
        var forecast = photos.Forecast!;
        Assert.Equal(
            (created, skipped, overwritten, conflicting),
            (forecast.Created.Objects, forecast.Skipped.Objects, forecast.Overwritten.Objects, forecast.Conflicting.Objects));
        Assert.DoesNotContain(store.Calls, call => call.StartsWith("put", StringComparison.Ordinal) || call.StartsWith("create", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_BackupWithoutObjects_IsRefusedWithAHint()
    {
        var sink = await SmallBackupAsync();

        var exception = await Assert.ThrowsAsync<RestoreException>(() => FilesRestore.RunAsync(sink, new InMemoryObjectStore()));

        Assert.Contains("without an object store", exception.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_IntoFolder_WritesFilesAndSaysWhatIsNotKept()
    {
        using var folder = new TemporaryFolder();
        var sink = await new FilesBackup().With(Photos).With(Cat, [1, 2]).WriteAsync();

        var result = await FilesRestore.RunAsync(sink, new DirectoryObjectStore(folder.Path));

        Assert.Equal(RestoreOutcome.Complete, result.Outcome);
        Assert.Equal([1, 2], await File.ReadAllBytesAsync(Path.Combine(folder.Path, "photos", "2026", "cat (1).jpg")));
        Assert.Contains("keeps no settings", Assert.Single(result.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_ThousandsOfObjects_TellsProgressUpToTheEnd()
    {
        var backup = new FilesBackup();
        for (var number = 0; number < 2000; number++)
        {
            backup.With("many", $"folder-{number % 7}/{number}", $"{number}");
        }

        var store = new InMemoryObjectStore();
        var seen = new List<RestoreProgress>();

        await FilesRestore.RunAsync(await backup.WriteAsync(), store, progress: new Told(seen.Add));

        Assert.Equal(2000, store.Objects.Count);
        Assert.All(store.Objects, item => Assert.EndsWith(Encoding.UTF8.GetString(store.ContentOf("many", item.Name)!), item.Name, StringComparison.Ordinal));
        Assert.Equal(seen.Select(item => item.Percent).Order(), seen.Select(item => item.Percent));
        Assert.Contains(seen, item => item.Phase == RestorePhase.Files && item.Current.Count > 0);
        Assert.Equal((2000, 2000, 100.0), (seen[^1].FilesDone, seen[^1].FilesTotal, seen[^1].Percent));
        Assert.Equal(seen[^1].FileBytesTotal, seen[^1].FileBytes);
    }

    private static async Task<InMemorySink> SmallBackupAsync()
    {
        var sink = new InMemorySink();
        await SmallBackup.CreateAsync(sink);
        return sink;
    }

    private sealed class Told(Action<RestoreProgress> tell) : IProgress<RestoreProgress>
    {
        public void Report(RestoreProgress value) => tell(value);
    }
}

using Backup.Core.Diagnosis;
using Backup.Core.Errors;
using Backup.Core.ObjectStores;
using Backup.Core.Postgres.Probes;
using Backup.Core.Tests.ObjectStores.SupabaseStorage;
using Backup.TestKit.Storage;

namespace Backup.Core.Tests.Diagnosis;

public sealed class StorageChecksTests
{
    private static readonly string[] All = ["storage.reachable", "storage.key", "storage.buckets", "storage.listing", "storage.read"];

    [Fact]
    public async Task RunAsync_ServiceKey_IsFineAndOnlyReads()
    {
        await using var scene = await StorageScene.StartAsync();
        await scene.PutAsync("a.txt", 100_000);

        var checks = await DiagnoseAsync(scene.Store);

        Assert.Equal(All, checks.Select(check => check.Id));
        Assert.All(checks, check => Assert.Equal(DiagnosisStatus.Ok, check.Status));
        Assert.DoesNotContain(scene.Server.Requests, request => request.Method is "PUT" or "DELETE" or "PATCH");
    }

    [Theory]
    [InlineData("anon", "service")]
    [InlineData("other", "key")]
    [InlineData("expired", "expired")]
    [InlineData("none", "key")]
    public async Task RunAsync_KeyThatDoesNotDo_IsReachableAndSaysSo(string kind, string advice)
    {
        await using var scene = await StorageScene.StartAsync();
        var key = kind switch
        {
            "anon" => scene.Server.AnonKey,
            "other" => scene.Server.ServiceKey[..^6] + "AAAAAA",
            "expired" => scene.Server.Tokens.Create("service_role", expiresAt: new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero)),
            _ => "hush-hush-key",
        };

        var checks = await DiagnoseAsync(scene.CreateStore(key));

        Assert.Equal(["storage.reachable", "storage.key"], checks.Select(check => check.Id));
        Assert.Equal([DiagnosisStatus.Ok, DiagnosisStatus.Fail], checks.Select(check => check.Status));
        Assert.Contains(advice, checks[1].Advice, StringComparison.OrdinalIgnoreCase);
        Assert.All(checks, check => Assert.DoesNotContain(key, check.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_NobodyListens_FailsAtOnce()
    {
        var scene = await StorageScene.StartAsync();
        var store = scene.CreateStore(scene.Server.ServiceKey);
        await scene.Server.DisposeAsync();

        var check = Assert.Single(await DiagnoseAsync(store));

        Assert.Equal(("storage.reachable", DiagnosisStatus.Fail), (check.Id, check.Status));
        Assert.NotNull(check.Advice);
        await scene.DisposeAsync();
    }

    [Fact]
    public async Task RunAsync_PatternThatFitsNoBucket_Fails()
    {
        var checks = await DiagnoseAsync(Filled(), new ObjectSelection { Buckets = ["phot*", "vidoes"] });

        var failed = Assert.Single(checks, check => check.Status == DiagnosisStatus.Fail);
        Assert.Equal("storage.buckets", failed.Id);
        Assert.Contains("'vidoes'", failed.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_NoBuckets_Warns()
    {
        var checks = await DiagnoseAsync(new InMemoryObjectStore());

        Assert.Equal(DiagnosisStatus.Warn, checks.Single(check => check.Id == "storage.buckets").Status);
    }

    [Fact]
    public async Task RunAsync_ListingFails_FailsAndGoesOn()
    {
        var store = Filled();
        store.Before = (verb, subject, _) => verb == "list" ? throw new ObjectStoreException($"{subject} cannot be listed.") : Task.CompletedTask;

        var checks = await DiagnoseAsync(store);

        Assert.Equal("storage.listing", Assert.Single(checks, check => check.Status == DiagnosisStatus.Fail).Id);
    }

    [Theory]
    [InlineData(ObjectStoreError.AccessDenied, DiagnosisStatus.Fail)]
    [InlineData(ObjectStoreError.ObjectNotFound, DiagnosisStatus.Warn)]
    public async Task RunAsync_ObjectThatCannotBeRead_FailsOnlyForWantOfARight(ObjectStoreError error, DiagnosisStatus expected)
    {
        var store = Filled();
        store.Before = (verb, _, _) => verb == "read" ? throw new ObjectStoreException("It cannot be read.") { Error = error } : Task.CompletedTask;

        var checks = await DiagnoseAsync(store);

        Assert.Equal(("storage.read", expected), (checks[^1].Id, checks[^1].Status));
    }

    [Fact]
    public async Task RunAsync_DatabaseOfAnotherProject_Fails()
    {
        var run = new CheckRun(TimeSpan.FromSeconds(20), TimeProvider.System, null);

        await new StorageChecks(Filled(), ObjectSelection.Everything, run).RunAsync(
            [new ProbedBucket("photos", HasObjects: false), new ProbedBucket("letters", HasObjects: true)], CancellationToken.None);

        var failed = Assert.Single(run.Checks, check => check.Status == DiagnosisStatus.Fail);
        Assert.Equal("storage.buckets", failed.Id);
        Assert.Contains("letters", failed.Finding, StringComparison.Ordinal);
        Assert.Contains("one project", failed.Advice, StringComparison.Ordinal);
    }

    private static InMemoryObjectStore Filled() => new InMemoryObjectStore()
        .With(new BucketInfo { Id = "photos", Name = "photos" })
        .With(new StoredObject { Bucket = "photos", Name = "a", Bytes = 3 }, [1, 2, 3]);

    private static async Task<List<DiagnosisCheck>> DiagnoseAsync(IObjectStore store, ObjectSelection? selection = null)
    {
        var report = await new BackupDiagnosis().RunAsync(
            new DiagnosisRequest { Store = store, Objects = selection ?? ObjectSelection.Everything });
        return [.. report.Checks.Where(check => check.Area == DiagnosisArea.Storage)];
    }
}

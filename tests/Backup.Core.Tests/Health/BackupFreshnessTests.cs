using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Diagnostics;
using Backup.Core.Health;
using Backup.Core.Sinks;
using Backup.Core.Tests.Diagnostics;
using Backup.Core.Tests.Verification;
using Backup.Core.Verification;
using Backup.TestKit.Archives;
using Backup.TestKit.Sinks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;

namespace Backup.Core.Tests.Health;

public sealed class BackupFreshnessTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 4, 15, 0, TimeSpan.Zero));
    private readonly InMemorySink _sink = new();

    [Fact]
    public async Task Check_YoungCompleteBackup_IsHealthy()
    {
        await SmallBackup.CreateAsync(_sink);

        var entry = await CheckAsync();

        Assert.Equal(HealthStatus.Healthy, entry.Status);
        Assert.Equal(ArchiveBuilder.Id.Value, entry.Data["backup"]);
        Assert.Equal(TimeSpan.FromHours(1), entry.Data["age"]);
    }

    [Fact]
    public async Task Check_BackupOlderThanTheLimit_IsDegraded()
    {
        await SmallBackup.CreateAsync(_sink);
        _time.Advance(BackupFreshnessOptions.DefaultMaxAge);

        var entry = await CheckAsync();

        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Contains("27 hours old; the limit is 26 hours", entry.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_NoBackup_IsDegraded() => Assert.Equal(HealthStatus.Degraded, (await CheckAsync()).Status);

    [Fact]
    public async Task Check_YoungestLeftSomethingOut_LooksForAnOlderCompleteOne()
    {
        await SmallBackup.CreateAsync(_sink);
        await CreateWithFailureAsync("20261122T041000Z-0001");

        Assert.Equal(ArchiveBuilder.Id.Value, (await CheckAsync()).Data["backup"]);
    }

    [Fact]
    public async Task Check_FailuresAccepted_TakesTheYoungest()
    {
        await CreateWithFailureAsync("20261122T041000Z-0001");

        Assert.Equal(HealthStatus.Degraded, (await CheckAsync()).Status);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(options => options.AcceptFailures = true)).Status);
    }

    [Fact]
    public async Task Check_YoungestLacksWhatNoBackupCanHold_IsAGoodOneOnlyWhereThatIsAccepted()
    {
        await SmallBackup.CreateAsync(_sink, change: manifest => manifest with
        {
            Database = manifest.Database! with { Unsupported = [new UnsupportedRecord("subscription nightly", "It cannot be read.")] },
        });

        var accepted = await CheckAsync(options => options.AcceptFailures = true);

        Assert.Equal(HealthStatus.Degraded, (await CheckAsync()).Status);
        Assert.Equal((HealthStatus.Healthy, 1), (accepted.Status, accepted.Data["unsupported"]));
    }

    [Fact]
    public async Task Check_NewestManifestDamaged_IsUnhealthy()
    {
        await SmallBackup.CreateAsync(_sink);
        await _sink.WriteObjectAsync("20261122T040000Z-0001/manifest.json", "{}"u8.ToArray());

        Assert.Equal(HealthStatus.Unhealthy, (await CheckAsync()).Status);
    }

    [Fact]
    public async Task Check_VolumeOfTheNewestIsMissing_IsUnhealthyAndNamesIt()
    {
        await SmallBackup.CreateAsync(_sink);
        await _sink.DeleteAsync($"{ArchiveBuilder.Id}/volume-0001.zip");

        var entry = await CheckAsync();

        Assert.Equal(HealthStatus.Unhealthy, entry.Status);
        Assert.Contains("volume-0001.zip is missing", entry.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_BackupThatTheNewestRefersToIsGone_IsUnhealthyAndNamesBoth()
    {
        var full = new BackupId("20261121T040000Z-0001");
        var incremental = new BackupId("20261122T040000Z-0002");
        await SmallChain.CreateAsync(_sink, full);
        await SmallChain.CreateAsync(_sink, incremental, full);
        await _sink.DeleteAsync($"{full}/manifest.json");

        var entry = await CheckAsync();

        Assert.Equal(HealthStatus.Unhealthy, entry.Status);
        Assert.Contains(full.Value, entry.Description, StringComparison.Ordinal);
        Assert.Contains(incremental.Value, entry.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_SinkFails_IsUnhealthyAndSaysWhy()
    {
        var sink = new FaultySink(_sink);
        sink.FailAt(SinkOperation.List, 1);

        var entry = await CheckAsync(sink: sink);

        Assert.Equal(HealthStatus.Unhealthy, entry.Status);
        Assert.NotNull(entry.Exception);
    }

    [Fact]
    public async Task Check_LastVerificationFoundDamage_IsUnhealthyUntilOneDoesNot()
    {
        await SmallBackup.CreateAsync(_sink);
        var volume = $"{ArchiveBuilder.Id}/volume-0001.zip";
        var intact = await _sink.ReadObjectAsync(volume);
        await using var services = Services();
        var verifier = ActivatorUtilities.CreateInstance<BackupVerifier>(services);

        await ReplaceAsync(volume, [.. intact[..^1], (byte)(intact[^1] ^ 1)]);
        await verifier.VerifyAsync(ArchiveBuilder.Id);
        var damaged = await CheckAsync(services);
        await ReplaceAsync(volume, intact);
        _time.Advance(TimeSpan.FromMinutes(1));
        await verifier.VerifyAsync(ArchiveBuilder.Id);

        Assert.Equal(HealthStatus.Unhealthy, damaged.Status);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(services)).Status);
    }

    [Fact]
    public async Task Check_Again_ListsTheSinkOnlyWhenItsTimeIsOver()
    {
        await using var services = Services();
        Assert.Equal(HealthStatus.Degraded, (await CheckAsync(services)).Status);

        await SmallBackup.CreateAsync(_sink);

        Assert.Equal(HealthStatus.Degraded, (await CheckAsync(services)).Status);
        _time.Advance(BackupFreshnessOptions.DefaultCacheFor);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(services)).Status);
    }

    [Fact]
    public async Task Check_BackupOfAnotherProcess_IsWhereTheAgeIsCountedFrom()
    {
        using var listening = new Listening();
        await SmallBackup.CreateAsync(_sink);
        await using var services = Services(configureServices: services => services.AddSingleton<System.Diagnostics.Metrics.IMeterFactory>(listening));

        await CheckAsync(services);

        Assert.Equal(TimeSpan.FromMinutes(59).TotalSeconds, listening.Read(BackupTelemetry.LastSuccessAge).Single().Value);
    }

    [Fact]
    public void AddBackupFreshness_ImpossibleLimit_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Services(options => options.MaxAge = TimeSpan.Zero));

    private Task<BackupManifest> CreateWithFailureAsync(string id) => SmallBackup.CreateAsync(
        _sink, new BackupId(id), manifest => manifest with { Failures = [new FailureRecord("public.genre", "It could not be read.")] });

    private async Task ReplaceAsync(string name, byte[] content)
    {
        await _sink.DeleteAsync(name);
        await _sink.WriteObjectAsync(name, content);
    }

    private async Task<HealthReportEntry> CheckAsync(Action<BackupFreshnessOptions>? configure = null, IBackupSink? sink = null)
    {
        await using var services = Services(configure, sink);
        return await CheckAsync(services);
    }

    private static async Task<HealthReportEntry> CheckAsync(ServiceProvider services) =>
        (await services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries[BackupHealthChecksBuilderExtensions.DefaultName];

    private ServiceProvider Services(
        Action<BackupFreshnessOptions>? configure = null, IBackupSink? sink = null, Action<IServiceCollection>? configureServices = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(sink ?? _sink);
        services.AddSingleton<TimeProvider>(_time);
        services.AddHealthChecks().AddBackupFreshness(configure: configure);
        configureServices?.Invoke(services);
        return services.BuildServiceProvider();
    }
}

using System.Diagnostics.Metrics;
using Backup.Core.Diagnostics;
using Backup.Core.ObjectStores.SupabaseStorage;
using Backup.Core.Pipeline;
using Backup.Core.Sinks;
using Backup.Core.Tests.Diagnostics;
using Backup.Core.Tests.Pipeline.Fakes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Backup.Core.Tests.Pipeline;

public sealed class BackupServiceTests
{
    private const string ConnectionString = "Host=localhost;Username=u;Database=d";

    [Fact]
    public void AddBackup_WithSourceAndSink_GivesOnePipeline()
    {
        var services = new ServiceCollection();
        services.AddBackup(options => options.Codec = "deflate").UsePostgres(ConnectionString).UseSink(new InMemorySink());
        using var provider = services.BuildServiceProvider();

        Assert.Same(provider.GetRequiredService<IBackupPipeline>(), provider.GetRequiredService<IBackupPipeline>());
    }

    [Fact]
    public void AddBackup_NoSinkSet_TakesTheContainers()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IBackupSink>(new InMemorySink());
        services.AddBackup().UsePostgres(ConnectionString);
        using var provider = services.BuildServiceProvider();

        Assert.NotNull(provider.GetRequiredService<IBackupPipeline>());
    }

    [Fact]
    public async Task AddBackup_ObjectStoreAndNoDatabase_BacksUpTheStoreAlone()
    {
        var services = new ServiceCollection();
        services.AddBackup().UseObjectStore(_ => StoreScene.Store("docs")).UseSink(new InMemorySink());
        await using var provider = services.BuildServiceProvider();

        var result = await provider.GetRequiredService<IBackupPipeline>().RunAsync(new BackupRequest());

        Assert.Null(result.Manifest!.Database);
        Assert.Equal("docs", Assert.Single(result.Buckets).Id);
    }

    [Fact]
    public async Task AddBackup_MeterFactoryInTheContainer_IsWhatMeasures()
    {
        using var listening = new Listening();
        var services = new ServiceCollection();
        services.AddSingleton<IMeterFactory>(listening);
        services.AddBackup().UseObjectStore(_ => StoreScene.Store("docs")).UseSink(new InMemorySink());
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<IBackupPipeline>().RunAsync(new BackupRequest());

        Assert.Equal(1, listening.Sum(BackupTelemetry.RunDuration, BackupTelemetry.OutcomeAttribute, "complete"));
    }

    [Fact]
    public void AddBackup_InvalidStorageOptions_FailsWhenAsked()
    {
        var services = new ServiceCollection();
        services.AddBackup().UseSupabaseStorage(new SupabaseStorageOptions()).UseSink(new InMemorySink());
        using var provider = services.BuildServiceProvider();

        Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IBackupPipeline>());
    }

    [Fact]
    public void AddBackup_InvalidOptions_FailsWhenAsked()
    {
        var services = new ServiceCollection();
        services.AddBackup(options => options.Connections = 0).UsePostgres(ConnectionString).UseSink(new InMemorySink());
        using var provider = services.BuildServiceProvider();

        Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IBackupPipeline>());
        Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate());
    }

    [Fact]
    public void AddBackup_Configuration_IsBound()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Connections"] = "3",
                ["LockTimeout"] = "00:00:05",
                ["MemoryBudgetBytes"] = "33554432",
            })
            .Build();
        var services = new ServiceCollection();
        services.AddBackup(configuration);
        using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<IOptions<BackupOptions>>().Value;

        Assert.Equal(3, options.Connections);
        Assert.Equal(TimeSpan.FromSeconds(5), options.LockTimeout);
        Assert.Equal(33_554_432, options.MemoryBudgetBytes);
    }

    [Fact]
    public void AddBackup_StepThatChangesOptions_LeavesTheContainersAlone()
    {
        var services = new ServiceCollection();
        services.AddBackup()
            .UsePostgres(ConnectionString)
            .UseSink(new InMemorySink())
            .Configure((_, builder) => builder.ConfigureOptions(options => options.Level = 9));
        using var provider = services.BuildServiceProvider();

        Assert.NotNull(provider.GetRequiredService<IBackupPipeline>());

        Assert.Null(provider.GetRequiredService<IOptionsMonitor<BackupOptions>>().CurrentValue.Level);
    }

    [Fact]
    public void AddBackup_Named_IsAKeyedServiceWithItsOwnOptions()
    {
        var services = new ServiceCollection();
        services.AddBackup("nightly", options => options.Level = 9).UsePostgres(ConnectionString).UseSink(new InMemorySink());
        services.AddBackup("hourly").UsePostgres(ConnectionString).UseSink(new InMemorySink());
        using var provider = services.BuildServiceProvider();

        Assert.NotSame(
            provider.GetRequiredKeyedService<IBackupPipeline>("nightly"),
            provider.GetRequiredKeyedService<IBackupPipeline>("hourly"));
        Assert.Equal(9, provider.GetRequiredService<IOptionsMonitor<BackupOptions>>().Get("nightly").Level);
        Assert.Null(provider.GetRequiredService<IOptionsMonitor<BackupOptions>>().Get("hourly").Level);
    }
}

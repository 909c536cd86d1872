using Backup.Core.Catalog;
using Backup.Core.Sinks;
using Backup.TestKit;
using Backup.TestKit.PostgreSql;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Worker;

namespace Backup.Core.IntegrationTests.Samples;

/// <summary>The service of samples/Worker, started as it starts itself, on a clock that the test moves.</summary>
[Collection(PostgresFixture.Collection)]
public sealed class WorkerTests(PostgresFixture postgres) : IDisposable
{
    // Midday, far from what the schedule says.
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly WaitingClock _time = new(Start);
    private readonly EventLog _log = new();

    [Fact]
    public async Task Worker_ScheduledTimeComes_BacksUpVerifiesAndIsHealthy()
    {
        await using var app = Build($"--Backup:Database={await postgres.CreateDatabaseAsync()}", $"--Backup:Folder={_folder.Path}");
        await app.StartAsync();
        Assert.Equal("Degraded", await HealthAsync(app));

        await _time.PassAsync();
        await _log.SeenAsync("Intact");

        var backup = Assert.Single(await new BackupCatalog(new DirectorySink(_folder.Path)).ListAsync());
        Assert.Equal(new DateTimeOffset(2026, 11, 23, 3, 15, 0, TimeSpan.Zero), backup.Manifest!.StartedAt);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("Healthy", await HealthAsync(app));
        await app.StopAsync();
    }

    [Fact]
    public async Task Worker_StoppedInTheMiddle_GoesOnWhenItStartsAgain()
    {
        string[] settings =
        [
            $"--Backup:Database={await FilledDatabaseAsync()}",
            $"--Backup:Folder={_folder.Path}",
            "--BackupOptions:VolumeBytes=1048576",
            "--BackupOptions:Codec=none",
        ];
        var sink = new HoldingSink(new DirectorySink(_folder.Path), "volume-0003.zip");
        await using (var stopped = Build(settings, services => services.AddSingleton<IBackupSink>(sink)))
        {
            await stopped.StartAsync();
            await _time.PassAsync();
            await sink.Held;
            await stopped.StopAsync();
        }

        await using var app = Build(settings);
        await app.StartAsync();
        await _log.SeenAsync("Intact");

        var backup = Assert.Single(await new BackupCatalog(new DirectorySink(_folder.Path)).ListAsync());
        Assert.Equal([1, 2], backup.Manifest!.Parts!.Select(part => part.Number));
        Assert.Empty(backup.Manifest.Failures);
        await app.StopAsync();
    }

    [Fact]
    public async Task Worker_RunFails_WaitsForTheNextTime()
    {
        // Nobody lets the time pass between two attempts.
        await using var app = Build(
            "--Backup:Database=Host=127.0.0.1;Port=1;Username=u;Database=d", $"--Backup:Folder={_folder.Path}", "--BackupOptions:Retries:MaxAttempts=1");
        await app.StartAsync();

        await _time.PassAsync();
        await _log.SeenAsync("LogFailed");
        await _time.PassAsync();

        Assert.Equal("Degraded", await HealthAsync(app));
        await app.StopAsync();
    }

    [Theory]
    [InlineData("--Backup:Folder=/tmp")]
    [InlineData("--Backup:Database=Host=h")]
    [InlineData("--Backup:Folder=/tmp", "--Backup:Database=Host=h", "--Backup:Schedule=often")]
    [InlineData("--Backup:Folder=/tmp", "--Backup:Database=Host=h", "--Backup:TimeZone=Nowhere")]
    public async Task Worker_WrongSettings_DoesNotStart(params string[] args)
    {
        await using var app = Build(args);

        await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync());
    }

    public void Dispose()
    {
        _folder.Dispose();
        _log.Dispose();
        _time.Dispose();
    }

    private async Task<string> FilledDatabaseAsync()
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var connection = await PostgresFixture.OpenAsync(database);
        await using var command = connection.CreateCommand();
        command.CommandText = string.Concat(Enumerable.Range(1, 6).Select(
            table => $"CREATE TABLE film{table} AS SELECT id, repeat(md5(id::text), 30) AS plot FROM generate_series(1, 1000) AS id;"));
        await command.ExecuteNonQueryAsync();
        return database;
    }

    private WebApplication Build(params string[] args) => Build(args, _ => { });

    private WebApplication Build(string[] args, Action<IServiceCollection> configure) => WorkerHost.Build(
        [.. args, "--urls=http://127.0.0.1:0"],
        services =>
        {
            services.AddSingleton<TimeProvider>(_time);
            services.AddSingleton<ILoggerProvider>(_log);
            configure(services);
        });

    private static async Task<string> HealthAsync(WebApplication app)
    {
        using var client = new HttpClient();
        using var response = await client.GetAsync(new Uri(new Uri(app.Urls.Single()), "/health"));
        return await response.Content.ReadAsStringAsync();
    }
}

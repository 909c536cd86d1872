using Backup.Core.Pipeline;
using Backup.Core.Sinks;
using Backup.Core.Tests.Pipeline.Fakes;
using Backup.TestKit.Sinks;
using Microsoft.Extensions.Options;

namespace Backup.Core.Tests.Pipeline;

public sealed class BackupOptionsTests
{
    [Fact]
    public void Defaults_AreTheDocumentedOnes()
    {
        var options = new BackupOptions();

        Assert.Null(options.Connections);
        Assert.Null(options.CompressionWorkers);
        Assert.Null(options.MemoryBudgetBytes);
        Assert.Null(options.VolumeBytes);
        Assert.Equal("zstd", options.Codec);
        Assert.Null(options.Level);
        Assert.Equal(BackupProfile.Automatic, options.Profile);
        Assert.Null(options.PageBytes);
        Assert.Null(options.PageBlocks);
        Assert.Null(options.BlockBytes);
        Assert.Null(options.LowWatermarkBytes);
        Assert.Null(options.HighWatermarkBytes);
        Assert.Empty(options.Host.Validate());
        Assert.Equal(TimeSpan.FromMinutes(1), options.LockTimeout);
        Assert.Equal(TimeSpan.FromDays(7), options.KeepSuspendedFor);
        Assert.Null(options.Transfers);
        Assert.Equal(8, BackupOptions.DefaultTransfers);
        Assert.Equal(262_144, BackupOptions.DefaultPageBytes);
        Assert.Equal(32, BackupOptions.DefaultPageBlocks);
        Assert.Equal(1_048_576, BackupOptions.DefaultBlockBytes);
        Assert.Equal(4, BackupOptions.MaxAutomaticConnections);
        Assert.Equal(50_331_648, BackupOptions.MaxAutomaticMemoryBudgetBytes);
    }

    [Fact]
    public void Build_SeveralSettingsWrong_NamesAllOfThem()
    {
        var builder = new BackupPipelineBuilder()
            .UsePostgres("Host=localhost;Username=u;Database=d")
            .UseSink(new InMemorySink())
            .ConfigureOptions(options =>
            {
                options.Connections = 0;
                options.CompressionWorkers = 1000;
                options.VolumeBytes = 5;
                options.Transfers = 65;
                options.PageBlocks = 1000;
                options.Codec = "rar";
                options.LockTimeout = TimeSpan.Zero;
                options.Profile = (BackupProfile)7;
                options.Host.MemoryBytes = 5;
                options.LowWatermarkBytes = 3_000_000;
                options.HighWatermarkBytes = 2_000_000;
            });

        var exception = Assert.Throws<OptionsValidationException>(builder.Build);

        Assert.Equal(10, exception.Failures.Count());
        Assert.Contains(exception.Failures, failure => failure.Contains("'rar'", StringComparison.Ordinal));
        Assert.Contains(exception.Failures, failure => failure.Contains("1000", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(5_000_000, true)]
    [InlineData(5_000_001, false)]
    public void Build_VolumesAndTheSinksLargestObject_AreCompared(long volumeBytes, bool isValid)
    {
        var builder = new BackupPipelineBuilder()
            .UsePostgres("Host=localhost;Username=u;Database=d")
            .UseSink(new SmallObjectSink(new InMemorySink(), 5_000_000))
            .ConfigureOptions(options => options.VolumeBytes = volumeBytes);

        if (isValid)
        {
            Assert.NotNull(builder.Build());
            return;
        }

        var failure = Assert.Single(Assert.Throws<OptionsValidationException>(builder.Build).Failures);
        Assert.Contains("VolumeBytes is 5000001", failure, StringComparison.Ordinal);
        Assert.Contains("5000000 bytes", failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zstd", 22, true)]
    [InlineData("zstd", 23, false)]
    [InlineData("deflate", 9, true)]
    [InlineData("deflate", 10, false)]
    [InlineData("deflate", 0, false)]
    [InlineData("none", null, true)]
    [InlineData("none", 1, false)]
    public void Validate_Level_DependsOnTheCodec(string codec, int? level, bool isValid)
    {
        var result = new BackupOptionsRules().Validate(null, new BackupOptions { Codec = codec, Level = level });

        Assert.Equal(isValid, result.Succeeded);
    }

    [Theory]
    [InlineData(TimeSpan.TicksPerMillisecond - 1, false)]
    [InlineData(TimeSpan.TicksPerMillisecond, true)]
    [InlineData(TimeSpan.TicksPerDay, true)]
    [InlineData(TimeSpan.TicksPerDay + 1, false)]
    public void Validate_LockTimeout_IsOneThatTheServerCanCount(long ticks, bool isValid)
    {
        var result = new BackupOptionsRules().Validate(null, new BackupOptions { LockTimeout = new TimeSpan(ticks) });

        Assert.Equal(isValid, result.Succeeded);
    }

    [Fact]
    public void Validate_BudgetTooSmallForTheBlocks_SaysHowMuchIsNeeded()
    {
        var result = new BackupOptionsRules().Validate(null, new BackupOptions { MemoryBudgetBytes = 1024 * 1024 });

        Assert.Contains("1048576", Assert.Single(result.Failures!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Build_OptionsChangedAfterwards_KeepsWhatItWasBuiltWith()
    {
        BackupOptions? shared = null;
        var pipeline = new BackupPipelineBuilder()
            .UseSource(new InMemoryRowSource(new InMemoryTable("t", InMemoryTable.Rows(3, 9))))
            .UseSink(new InMemorySink())
            .ConfigureOptions(options =>
            {
                options.CompressionWorkers = 2;
                shared = options;
            })
            .Build();
        shared!.CompressionWorkers = 1;

        Assert.Equal(2, (await pipeline.RunAsync(new BackupRequest())).CompressionWorkers);
    }

    [Fact]
    public void Build_NoSourceOrSink_SaysWhatToCall()
    {
        Assert.Contains(
            "UsePostgres",
            Assert.Throws<InvalidOperationException>(() => new BackupPipelineBuilder().Build()).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "UseSink",
            Assert.Throws<InvalidOperationException>(
                () => new BackupPipelineBuilder().UsePostgres("Host=localhost;Username=u;Database=d").Build()).Message,
            StringComparison.Ordinal);
    }
}

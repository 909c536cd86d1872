using Backup.Core.Diagnosis;
using Backup.Core.Errors;
using Microsoft.Extensions.Time.Testing;

namespace Backup.Core.Tests.Diagnosis;

public sealed class CheckRunTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<DiagnosisCheck> _told = [];

    [Fact]
    public async Task MakeAsync_FaultOfTheLibrary_IsTheFindingWithItsHint()
    {
        var run = Run();

        var isFine = await MakeAsync(run, _ => throw new SinkException("It is full.") { Hint = "Free space." });

        Assert.False(isFine);
        var check = Assert.Single(run.Checks);
        Assert.Equal(("target.write", DiagnosisStatus.Fail, "It is full.", "Free space."), (check.Id, check.Status, check.Finding, check.Advice));
        Assert.Same(check, Assert.Single(_told));
    }

    [Fact]
    public async Task MakeAsync_ForeignFault_SaysItsKindAndNotWhatItHolds()
    {
        var run = Run();

        await MakeAsync(run, _ => throw new InvalidOperationException("Password=hush-hush"));

        var check = Assert.Single(run.Checks);
        Assert.Contains(nameof(InvalidOperationException), check.Finding, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", check.Finding + check.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MakeAsync_CheckThatHeedsItsToken_FailsInItsTime()
    {
        var run = Run();

        var making = MakeAsync(run, async token =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return CheckFinding.Ok("never");
        });
        await PassTimeAsync(making);

        Assert.False(await making);
        Assert.Contains("within 20 s", Assert.Single(run.Checks).Finding, StringComparison.Ordinal);
        Assert.True(run.Checks[0].Duration >= TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task MakeAsync_CheckThatHangs_IsLeftBehindAndTheNextOneIsMade()
    {
        var run = Run();
        var hangs = new TaskCompletionSource<CheckFinding>();

        var making = MakeAsync(run, _ => hangs.Task);
        await PassTimeAsync(making);
        var isFine = await MakeAsync(run, _ => Task.FromResult(CheckFinding.Ok("fine")));
        hangs.SetException(new SinkException("too late"));

        Assert.True(isFine);
        Assert.Equal([DiagnosisStatus.Fail, DiagnosisStatus.Ok], run.Checks.Select(check => check.Status));
    }

    [Fact]
    public async Task MakeAsync_CallerCancels_EndsWithTheCallersToken()
    {
        var run = Run();
        using var cancel = new CancellationTokenSource();
        var started = new TaskCompletionSource();

        var making = run.MakeAsync(
            DiagnosisArea.Target,
            "write",
            async token =>
            {
                started.SetResult();
                await Task.Delay(Timeout.Infinite, token);
                return CheckFinding.Ok("never");
            },
            cancel.Token);
        await started.Task;
        await cancel.CancelAsync();

        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => making);
        Assert.Equal(cancel.Token, exception.CancellationToken);
        Assert.Empty(run.Checks);
    }

    private CheckRun Run() => new(TimeSpan.FromSeconds(20), _time, new Receiver(_told));

    private static Task<bool> MakeAsync(CheckRun run, Func<CancellationToken, Task<CheckFinding>> check) =>
        run.MakeAsync(DiagnosisArea.Target, "write", check, CancellationToken.None);

    private async Task PassTimeAsync(Task until)
    {
        while (!until.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(0.5));
            await Task.Yield();
        }
    }

    private sealed class Receiver(List<DiagnosisCheck> told) : IProgress<DiagnosisCheck>
    {
        public void Report(DiagnosisCheck value) => told.Add(value);
    }
}

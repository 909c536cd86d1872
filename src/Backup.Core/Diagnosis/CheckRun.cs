using Backup.Core.Errors;

namespace Backup.Core.Diagnosis;

/// <summary>Makes checks one after another, each within its time, and keeps what they found.</summary>
/// <remarks>One caller. What a check throws is its finding: no check keeps the next one from being made.</remarks>
internal sealed class CheckRun(TimeSpan timeLimit, TimeProvider timeProvider, IProgress<DiagnosisCheck>? progress)
{
    // A check that is told to stop takes back what it made.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly List<DiagnosisCheck> _checks = [];

    /// <summary>The checks so far.</summary>
    public IReadOnlyList<DiagnosisCheck> Checks => _checks;

    /// <summary>The time of one check.</summary>
    public TimeSpan TimeLimit => timeLimit;

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider => timeProvider;

    /// <summary>Makes a check. One that does not stop when it is told to is left behind.</summary>
    /// <param name="area">What it is about.</param>
    /// <param name="name">What is looked at.</param>
    /// <param name="check">Looks.</param>
    /// <param name="cancellationToken">The caller's token: it ends the whole.</param>
    /// <returns>Whether the check did not fail.</returns>
    public async Task<bool> MakeAsync(
        DiagnosisArea area, string name, Func<CancellationToken, Task<CheckFinding>> check, CancellationToken cancellationToken)
    {
        var finding = await AskAsync(
            area,
            name,
            async token =>
            {
                var found = await check(token).ConfigureAwait(false);
                return (found, found);
            },
            cancellationToken).ConfigureAwait(false);
        return finding is { Status: not DiagnosisStatus.Fail };
    }

    /// <summary>Makes a check whose answer further ones go on with.</summary>
    /// <param name="area">What it is about.</param>
    /// <param name="name">What is looked at.</param>
    /// <param name="check">Looks, and judges what it saw.</param>
    /// <param name="cancellationToken">The caller's token: it ends the whole.</param>
    /// <returns>The answer, whatever its judgement; <see langword="null"/> when there was none.</returns>
    public async Task<T?> AskAsync<T>(
        DiagnosisArea area, string name, Func<CancellationToken, Task<(T Answer, CheckFinding Finding)>> check, CancellationToken cancellationToken)
        where T : class
    {
        var startedAt = timeProvider.GetTimestamp();
        var (answer, finding) = await FindAsync(area, check, cancellationToken).ConfigureAwait(false);
        Add(area, name, finding, timeProvider.GetElapsedTime(startedAt));
        return answer;
    }

    /// <summary>Adds a conclusion from what an earlier check has asked.</summary>
    public void Conclude(DiagnosisArea area, string name, CheckFinding finding) => Add(area, name, finding, TimeSpan.Zero);

    private void Add(DiagnosisArea area, string name, CheckFinding finding, TimeSpan duration)
    {
        var check = new DiagnosisCheck
        {
            Id = $"{area.ToString().ToLowerInvariant()}.{name}",
            Area = area,
            Status = finding.Status,
            Finding = finding.Finding,
            Advice = finding.Advice,
            Duration = duration,
        };
        _checks.Add(check);
        progress?.Report(check);
    }

    private async Task<(T? Answer, CheckFinding Finding)> FindAsync<T>(
        DiagnosisArea area, Func<CancellationToken, Task<(T Answer, CheckFinding Finding)>> check, CancellationToken cancellationToken)
        where T : class
    {
        // Not disposed while a check that was left behind may still ask them.
        var limit = new CancellationTokenSource(timeLimit, timeProvider);
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);

        // On the pool: a disk that hangs blocks the thread that asks it.
        var task = Task.Run(() => check(stop.Token), CancellationToken.None);
        await WaitAsync(task, stop.Token).ConfigureAwait(false);
        if (!task.IsCompleted)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return (null, TimedOut(area));
        }

        try
        {
            var found = await task.ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            return found;
        }
        catch (Exception exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return (null, limit.IsCancellationRequested ? TimedOut(area) : Failed(exception));
        }
        finally
        {
            stop.Dispose();
            limit.Dispose();
        }
    }

    private async Task WaitAsync(Task task, CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = stop.UnsafeRegister(static source => ((TaskCompletionSource)source!).TrySetResult(), stopped);
        await Task.WhenAny(task, stopped.Task).ConfigureAwait(false);
        if (!task.IsCompleted)
        {
            await Task.WhenAny(task, Task.Delay(Grace, timeProvider, CancellationToken.None)).ConfigureAwait(false);
        }
    }

    // What is not this library's own may hold anything, a secret too: its kind has to do.
    private static CheckFinding Failed(Exception exception) => exception is BackupException fault
        ? CheckFinding.Fail(fault.Message, fault.Hint)
        : CheckFinding.Fail($"The check ended in an unexpected {exception.GetType().Name}.", null);

    private CheckFinding TimedOut(DiagnosisArea area) => CheckFinding.Fail(
        $"There was no answer within {timeLimit.TotalSeconds:0.#} s.",
        area switch
        {
            DiagnosisArea.Database =>
                "Look in pg_stat_activity for a session that blocks this one, and at the network; where the database is only large, allow more time.",
            DiagnosisArea.Storage => "The server or the network is slow: try again, or allow more time.",
            _ => "The disk or the network share does not answer: look at its mount, or choose another place.",
        });
}

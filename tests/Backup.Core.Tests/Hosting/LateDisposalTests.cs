using Backup.Core.Hosting;

namespace Backup.Core.Tests.Hosting;

public sealed class LateDisposalTests
{
    [Fact]
    public async Task OfResult_CallEndsLate_DisposesWhatItBrought()
    {
        var call = new TaskCompletionSource<Disposable>();
        var result = new Disposable();

        LateDisposal.OfResult(call.Task);
        Assert.False(result.Disposed.IsCompleted);
        call.SetResult(result);

        await result.Disposed;
    }

    [Fact]
    public async Task After_CallFails_DisposesAllTheSame()
    {
        var call = new TaskCompletionSource();
        var used = new Disposable();

        LateDisposal.After(call.Task, used.DisposeAsync);
        Assert.False(used.Disposed.IsCompleted);
        call.SetException(new IOException("Gone."));

        await used.Disposed;
    }

    [Fact]
    public void OfResult_CallFails_TellsNobody() =>
        Assert.Null(Record.Exception(() => LateDisposal.OfResult(Task.FromException<Disposable>(new IOException("Gone.")))));

    [Fact]
    public void After_DisposalFails_TellsNobody() =>
        Assert.Null(Record.Exception(() => LateDisposal.After(Task.CompletedTask, () => throw new IOException("Gone."))));

    private sealed class Disposable : IAsyncDisposable
    {
        private readonly TaskCompletionSource _disposed = new();

        public Task Disposed => _disposed.Task;

        public ValueTask DisposeAsync()
        {
            _disposed.SetResult();
            return ValueTask.CompletedTask;
        }
    }
}

using Backup.Core.Errors;
using Backup.Core.Pipeline;
using Backup.Core.Pipeline.Stages.Objects;
using Backup.Core.Tests.Pipeline.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace Backup.Core.Tests.Pipeline.Stages.Objects;

public sealed class StoreSilenceTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new();
    private readonly ObjectCounts _counts = new();
    private readonly StoreSilence _silence;

    public StoreSilenceTests() => _silence = new StoreSilence(_counts, _time);

    [Fact]
    public void Add_NothingButFailuresOfAServerThatIsDown_EndsTheRunAfterTenMinutes()
    {
        AddForMinutes(10, StoreScene.Busy());

        var exception = Assert.Throws<ObjectStoreException>(() => _silence.Add(StoreScene.Busy()));

        Assert.Contains("nothing for 10 minutes: busy", exception.Message, StringComparison.Ordinal);
        Assert.True(exception.IsTransient);
    }

    [Fact]
    public void Add_SuccessOrBytesOrAnswerOfOneObjectBetween_BeginsAnew()
    {
        AddForMinutes(9, StoreScene.Busy());
        _silence.End();
        AddForMinutes(9, StoreScene.Busy());
        _counts.AddRead(_counts.Begin("b", "n", 5), 1);
        AddForMinutes(9, StoreScene.Busy());
        _silence.Add(StoreScene.Refused());
        AddForMinutes(9, StoreScene.Busy());
    }

    [Fact]
    public void Add_BytesOfManyObjectsAreLost_GoesOn() =>
        AddForMinutes(60, new ObjectStoreException("lost") { Error = ObjectStoreError.Unavailable, Status = 500, IsTransient = true });

    private void AddForMinutes(int minutes, ObjectStoreException failure)
    {
        for (var minute = 0; minute < minutes; minute++)
        {
            _silence.Add(failure);
            _time.Advance(Minute);
        }
    }
}

using System.IO.Hashing;
using System.Text;

namespace Backup.Core.Tests.Pipeline.Faults;

/// <summary>All that a seed decides of a run but its data: its settings, what befalls it and when, and which calls fail.</summary>
/// <remarks>
/// Whether a call fails is drawn from the seed, the call's name and how often it was made of this item before, and so does not
/// depend on the order in which the stages' threads get on: the same seed lets the same calls fail.
/// </remarks>
internal sealed class FaultSchedule
{
    /// <summary>How many parts of a run faults strike at the most; the next one comes to its end.</summary>
    public const int MaxParts = 4;

    private const double HarmlessRate = 0.04;
    private const int EarlyCalls = 40;
    private const int LateCalls = 150;

    // Faults per call. A run makes about a hundred calls.
    private static readonly double[] Rates = [0, 0, 0.005, 0.01, 0.02, 0.05];

    // Most failures of the sink end a run, so that higher rates would show only beginnings.
    private static readonly double[] SinkRates = [0, 0, 0.005, 0.02];

    private readonly double _rowRate;
    private readonly double _storeRate;
    private readonly double _sinkRate;

    /// <summary>Draws a schedule.</summary>
    public FaultSchedule(int seed)
    {
        Seed = seed;
        var random = new Random(seed);
        _rowRate = Rates[random.Next(Rates.Length)];
        _storeRate = Rates[random.Next(Rates.Length)];
        _sinkRate = SinkRates[random.Next(SinkRates.Length)];
        World = random.Next();
        Shape = FaultShape.Draw(random);
        Events = [.. Enumerable.Range(0, MaxParts).Select(_ => DrawEvent(random, Shape))];
    }

    /// <summary>The number that all of it comes from.</summary>
    public int Seed { get; }

    /// <summary>The seed of the data.</summary>
    public int World { get; }

    /// <summary>The run's settings.</summary>
    public FaultShape Shape { get; }

    /// <summary>What befalls each part of the run as a whole.</summary>
    public IReadOnlyList<FaultPlan> Events { get; }

    /// <summary>What becomes of a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="item">What it is made of.</param>
    /// <param name="occurrence">How often it has been made of that, from 1.</param>
    public FaultKind Draw(FaultCall call, string item, int occurrence)
    {
        var bits = XxHash64.HashToUInt64(Encoding.UTF8.GetBytes($"{call} {item} {occurrence}"), Seed);
        var chance = (bits >> 11) / (double)(1UL << 53);
        var choice = (int)(bits & 0x7FF);
        var rate = FaultTable.IsOfSink(call) ? _sinkRate : FaultTable.IsOfStore(call) ? _storeRate : _rowRate;
        if (chance < rate)
        {
            var kinds = FaultTable.KindsOf(call);
            return kinds[choice % kinds.Length];
        }

        return chance >= 1 - HarmlessRate ? choice % 2 == 0 && FaultTable.GivesBytes(call) ? FaultKind.Short : FaultKind.Slow : FaultKind.None;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"seed {Seed}: faults per call {_rowRate}/{_storeRate}/{_sinkRate} of database/store/sink; {string.Join(", ", Events)}; {Shape}";

    private static FaultPlan DrawEvent(Random random, FaultShape shape)
    {
        var what = random.Next(shape.HasTimeBudget ? 12 : 9) switch
        {
            0 => FaultEvent.Cancel,
            1 => FaultEvent.Death,
            2 => FaultEvent.SinkLost,
            9 or 10 => FaultEvent.Deadline,
            11 => FaultEvent.LateDeadline,
            _ => FaultEvent.None,
        };
        return new FaultPlan(what, random.Next(1, random.Next(2) == 0 ? EarlyCalls : LateCalls), random.Next(2) == 0);
    }
}

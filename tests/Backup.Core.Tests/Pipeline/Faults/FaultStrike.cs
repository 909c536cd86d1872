namespace Backup.Core.Tests.Pipeline.Faults;

/// <summary>A fault that struck.</summary>
/// <param name="Call">The call.</param>
/// <param name="Item">The table, object or file.</param>
/// <param name="Place">Where in it.</param>
/// <param name="Occurrence">How often the call had been made there, this one included.</param>
/// <param name="Kind">What became of the call.</param>
/// <param name="Event">What befell the run with it.</param>
internal sealed record FaultStrike(FaultCall Call, string Item, string Place, int Occurrence, FaultKind Kind, FaultEvent Event)
{
    /// <summary>Whether the run must take no harm of it.</summary>
    public bool IsHarmless => FaultTable.IsHarmless(Kind) && Event == FaultEvent.None;

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Call} {Item}{Place} #{Occurrence}: {Kind}{(Event == FaultEvent.None ? "" : $" {Event}")}";
}

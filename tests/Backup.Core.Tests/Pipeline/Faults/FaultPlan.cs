namespace Backup.Core.Tests.Pipeline.Faults;

/// <summary>What befalls one part of a run.</summary>
/// <param name="Event">What.</param>
/// <param name="Call">The call at which it does, of all calls of the part or, where the sink is lost, of the sink's; from 1.</param>
/// <param name="IsAfterCall">Whether that call still does its work.</param>
internal sealed record FaultPlan(FaultEvent Event, int Call, bool IsAfterCall)
{
    /// <inheritdoc/>
    public override string ToString() => Event == FaultEvent.None ? "nothing" : $"{Event} {(IsAfterCall ? "after" : "before")} call {Call}";
}

namespace Backup.Core.Tests.Pipeline.Faults;

/// <summary>A run ended in a way in which none may end.</summary>
internal sealed class FaultScheduleException(FaultSchedule schedule, IReadOnlyList<FaultStrike> strikes, Exception inner)
    : Exception($"{schedule}\n  {string.Join("\n  ", strikes)}\n{inner}", inner);

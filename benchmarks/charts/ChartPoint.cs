using Backup.Core.Peers.Results;

namespace Backup.Core.Charts;

/// <summary>A point of a line.</summary>
/// <param name="X">Its place.</param>
/// <param name="Y">Its height: the median, and the least and the most.</param>
/// <param name="Label">What is written beside it; <c>null</c> for nothing.</param>
internal readonly record struct ChartPoint(double X, Spread Y, string? Label = null);

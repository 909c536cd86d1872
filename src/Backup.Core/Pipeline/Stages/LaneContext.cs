using System.Threading.Channels;
using Backup.Core.Pipeline.Memory;
using Backup.Core.Pipeline.Suspension;

namespace Backup.Core.Pipeline.Stages;

/// <summary>What both lanes work with.</summary>
/// <param name="Context">The sizes, the buffers, and the way to the archive stage.</param>
/// <param name="Budget">The memory that entries take their shares of.</param>
/// <param name="Blocks">The way to the packers.</param>
/// <param name="Deadline">When they take nothing new.</param>
internal sealed record LaneContext(EntryContext Context, MemoryBudget Budget, ChannelWriter<PackItem> Blocks, RunDeadline Deadline);

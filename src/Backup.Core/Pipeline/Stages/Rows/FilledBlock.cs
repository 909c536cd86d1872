namespace Backup.Core.Pipeline.Stages.Rows;

/// <summary>What a block holds after it was read into.</summary>
/// <param name="Length">How many of its bytes are the entry's.</param>
/// <param name="IsLast">Whether the entry ends with them.</param>
/// <param name="IsAtEnd">Whether the page does.</param>
internal readonly record struct FilledBlock(int Length, bool IsLast, bool IsAtEnd);

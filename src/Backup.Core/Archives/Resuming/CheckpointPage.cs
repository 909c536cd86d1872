namespace Backup.Core.Archives.Resuming;

/// <summary>One page of an unfinished table.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Rows">How many rows it holds.</param>
/// <param name="RawBytes">Their size, in bytes.</param>
internal readonly record struct CheckpointPage(int Number, long Rows, long RawBytes);

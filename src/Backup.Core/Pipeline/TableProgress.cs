using Backup.Core.Postgres;

namespace Backup.Core.Pipeline;

/// <summary>How far the reading of one table has come.</summary>
/// <param name="Table">The table.</param>
/// <param name="Percent">The part of its blocks that has been read, from 0 to 100.</param>
/// <param name="Rows">The number of rows read.</param>
/// <param name="RawBytes">Their size in bytes.</param>
public sealed record TableProgress(QualifiedName Table, double Percent, long Rows, long RawBytes);

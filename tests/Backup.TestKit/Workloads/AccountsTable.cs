namespace Backup.TestKit.Workloads;

/// <summary>Short rows, most of them filling, like <c>pgbench_accounts</c>: what COPY costs by the row shows here.</summary>
public sealed class AccountsTable : WorkloadTable
{
    private static readonly byte[] Filler = [.. Enumerable.Repeat((byte)' ', 84)];
    private readonly RepeatableRandom _random = new(21);

    /// <inheritdoc/>
    public override string Name => "accounts";

    /// <inheritdoc/>
    protected override string Columns =>
        "(aid integer PRIMARY KEY, bid integer NOT NULL, abalance integer NOT NULL, filler character(84) NOT NULL)";

    /// <inheritdoc/>
    protected override void WriteRow(long number, RowText row)
    {
        row.Field().Append(number);
        row.Field().Append(1 + ((number - 1) / 100_000));
        row.Field().Append(_random.Next(2_000_000) - 1_000_000);
        row.Field().Append(Filler);
    }
}

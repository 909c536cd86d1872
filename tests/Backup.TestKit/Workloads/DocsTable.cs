namespace Backup.TestKit.Workloads;

/// <summary>Documents: a few short columns and a body of some hundred bytes of prose, as an application's content tables have.</summary>
public sealed class DocsTable : WorkloadTable
{
    private const int SecondsOfYear = 365 * 24 * 60 * 60;
    private readonly Prose _prose = new(11);
    private readonly RepeatableRandom _random = new(12);

    /// <inheritdoc/>
    public override string Name => "docs";

    /// <inheritdoc/>
    protected override string Columns =>
        "(id bigint PRIMARY KEY, account_id integer NOT NULL, created_at timestamptz NOT NULL, title text NOT NULL, body text NOT NULL)";

    /// <inheritdoc/>
    protected override void WriteRow(long number, RowText row)
    {
        row.Field().Append(number);
        row.Field().Append(1 + (number % LinkedDatabase.Accounts));
        WriteTime(row.Field(), _random.Next(SecondsOfYear));
        _prose.Write(row.Field(), 20);
        _prose.Write(row.Field(), 200 + _random.Next(800));
    }

    private static void WriteTime(RowText row, int second) => row
        .Append("2026-"u8).Append(1 + (second / (28 * 86_400) % 12), 2)
        .Append((byte)'-').Append(1 + (second / 86_400 % 28), 2)
        .Append((byte)' ').Append(second / 3600 % 24, 2)
        .Append((byte)':').Append(second / 60 % 60, 2)
        .Append((byte)':').Append(second % 60, 2)
        .Append("+00"u8);
}

namespace Backup.TestKit.Workloads;

/// <summary>Many columns of many types, half of them NULL: what output functions cost the server shows here.</summary>
public sealed class WideTable : WorkloadTable
{
    private const int Groups = 6;
    private readonly RepeatableRandom _random = new(31);

    /// <inheritdoc/>
    public override string Name => "wide";

    /// <inheritdoc/>
    protected override string Columns
    {
        get
        {
            var groups = Enumerable.Range(1, Groups).Select(group =>
                $"whole_{group} integer, amount_{group} numeric(12,2), flag_{group} boolean, "
                + $"day_{group} date, key_{group} uuid, ratio_{group} double precision");
            return $"(id bigint PRIMARY KEY, {string.Join(", ", groups)})";
        }
    }

    /// <inheritdoc/>
    protected override void WriteRow(long number, RowText row)
    {
        row.Field().Append(number);
        for (var group = 0; group < Groups; group++)
        {
            if (group % 2 == 1)
            {
                WriteNulls(row);
                continue;
            }

            row.Field().Append(_random.Next(int.MaxValue));
            row.Field().Append(_random.Next(1_000_000)).Append((byte)'.').Append(_random.Next(100), 2);
            row.Field().Append((byte)(_random.Next(2) == 0 ? 't' : 'f'));
            WriteDay(row.Field());
            WriteKey(row.Field());
            row.Field().Append(_random.Next(1000)).Append((byte)'.').Append(_random.Next(1_000_000), 6);
        }
    }

    private static void WriteNulls(RowText row)
    {
        for (var column = 0; column < 6; column++)
        {
            row.Field().Append("\\N"u8);
        }
    }

    private void WriteDay(RowText row) => row
        .Append("20"u8).Append(10 + _random.Next(16), 2)
        .Append("-0"u8).Append(1 + _random.Next(9))
        .Append("-1"u8).Append(_random.Next(10));

    private void WriteKey(RowText row)
    {
        Span<byte> digits = stackalloc byte[32];
        Convert.TryToHexStringLower(BitConverter.GetBytes(_random.NextBits()), digits, out _);
        Convert.TryToHexStringLower(BitConverter.GetBytes(_random.NextBits()), digits[16..], out _);
        row.Append(digits);
    }
}

namespace Backup.Core.Hosting;

/// <summary>One value that was chosen or found, in words for people.</summary>
/// <param name="Name">What it is: <c>memory budget</c>.</param>
/// <param name="Value">What it became, with its unit: <c>32 MiB</c>.</param>
/// <param name="Reason">Why, or from where.</param>
internal sealed record ExplainedValue(string Name, string Value, string Reason)
{
    /// <summary>A number of bytes for people, in the largest unit that keeps it readable.</summary>
    public static string Bytes(long bytes)
    {
        string[] units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
        var value = (double)bytes;
        var unit = 0;
        for (; value >= 1024 && unit < units.Length - 1; unit++)
        {
            value /= 1024;
        }

        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{value:0.##} {units[unit]}");
    }

    /// <summary>A number for people.</summary>
    public static string Number(double number) => number.ToString("0.##", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>All in one line: <c>name value (reason); …</c>.</summary>
    public static string Join(IEnumerable<ExplainedValue> values) =>
        string.Join("; ", values.Select(value => $"{value.Name} {value.Value} ({value.Reason})"));
}

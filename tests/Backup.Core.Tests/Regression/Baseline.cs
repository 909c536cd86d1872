using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Backup.Core.Tests.Regression;

/// <summary>The stored figures that new ones are held against: <c>baseline.json</c>, beside this file.</summary>
internal sealed class Baseline
{
    private const string FileName = "baseline.json";
    private const string RenewVariable = "BACKUP_RENEW_BASELINE";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Bytes allocated by unit.</summary>
    public SortedDictionary<string, long> Allocations { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Raw bytes for each packed byte.</summary>
    public SortedDictionary<string, double> Ratios { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Whether new figures are to replace the stored ones.</summary>
    public static bool IsRenewed => Environment.GetEnvironmentVariable(RenewVariable) == "1";

    public static Baseline Read() => JsonSerializer.Deserialize<Baseline>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Regression", FileName)))!;

    /// <summary>Writes the figures into the source folder.</summary>
    public static void Renew(Action<Baseline> change, [CallerFilePath] string caller = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(caller)!, FileName);
        var baseline = JsonSerializer.Deserialize<Baseline>(File.ReadAllText(file))!;
        change(baseline);
        File.WriteAllText(file, JsonSerializer.Serialize(baseline, Indented) + "\n");
    }
}

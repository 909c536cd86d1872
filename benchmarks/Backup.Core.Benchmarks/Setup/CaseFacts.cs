using System.Globalization;
using System.IO.Hashing;
using System.Reflection;
using System.Text;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Running;

namespace Backup.Core.Benchmarks.Setup;

/// <summary>What one call of a benchmark processed, besides the time it took.</summary>
/// <param name="RawBytes">The bytes that went in.</param>
/// <param name="StoredBytes">The bytes that came out; 0 where nothing is stored.</param>
/// <remarks>
/// A benchmark runs in a process of its own and its table is made in another: a small file carries these from one to the other.
/// </remarks>
internal sealed record CaseFacts(long RawBytes, long StoredBytes)
{
    private const string FolderVariable = "BACKUP_BENCHMARK_FACTS";

    /// <summary>Names the folder for the processes to come.</summary>
    public static void UseFolder(string folder) => Environment.SetEnvironmentVariable(FolderVariable, folder);

    /// <summary>Keeps the facts of the benchmark that runs in this process.</summary>
    public void Write(object benchmark, string method)
    {
        var parameters = benchmark.GetType().GetProperties()
            .Where(property => property.IsDefined(typeof(ParamsAttribute)) || property.IsDefined(typeof(ParamsSourceAttribute)))
            .Select(property => (property.Name, property.GetValue(benchmark)));

        // What runs is a class derived from the benchmark's, made by BenchmarkDotNet.
        if (FileOf(benchmark.GetType().BaseType!.Name, method, parameters) is { } file)
        {
            File.WriteAllText(file, string.Create(CultureInfo.InvariantCulture, $"{RawBytes} {StoredBytes}"));
        }
    }

    /// <summary>Reads the facts of a benchmark that has run.</summary>
    public static CaseFacts? Read(BenchmarkCase benchmark)
    {
        var parameters = benchmark.Parameters.Items.Where(item => !item.IsArgument).Select(item => (item.Name, (object?)item.Value));
        var file = FileOf(benchmark.Descriptor.Type.Name, benchmark.Descriptor.WorkloadMethod.Name, parameters);
        if (file is null || !File.Exists(file))
        {
            return null;
        }

        var numbers = File.ReadAllText(file).Split(' ').Select(number => long.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        return new CaseFacts(numbers[0], numbers[1]);
    }

    private static string? FileOf(string type, string method, IEnumerable<(string Name, object? Value)> parameters)
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is not { Length: > 0 } folder)
        {
            return null;
        }

        var values = parameters.OrderBy(parameter => parameter.Name, StringComparer.Ordinal)
            .Select(parameter => string.Create(CultureInfo.InvariantCulture, $"{parameter.Name}={parameter.Value}"));
        var key = $"{type}.{method}({string.Join(',', values)})";
        return Path.Combine(folder, Convert.ToHexStringLower(XxHash128.Hash(Encoding.UTF8.GetBytes(key))));
    }
}

using System.Text.Json;

namespace Backup.Core.Peers.Results;

/// <summary>The results of all comparisons, one file each, with every single run in it.</summary>
internal sealed class ResultsFolder(string path)
{
    /// <summary>Writes a result in place of an older one of the same comparison and workload.</summary>
    public async Task WriteAsync(ComparisonResult result, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(path);
        var words = result.Workload.Split([' ', ',', '%'], StringSplitOptions.RemoveEmptyEntries);
        var file = Path.Combine(path, $"{result.Comparison}-{string.Join('-', words)}.json");
        await using var stream = File.Create(file);
        await JsonSerializer.SerializeAsync(stream, result, ResultsJson.Default.ComparisonResult, cancellationToken);
    }

    /// <summary>Reads all results, ordered by comparison, size and time.</summary>
    public async Task<IReadOnlyList<ComparisonResult>> ReadAsync(CancellationToken cancellationToken)
    {
        var results = new List<ComparisonResult>();
        foreach (var file in Directory.Exists(path) ? Directory.EnumerateFiles(path, "*.json") : [])
        {
            await using var stream = File.OpenRead(file);
            var result = await JsonSerializer.DeserializeAsync(stream, ResultsJson.Default.ComparisonResult, cancellationToken);
            results.Add(result ?? throw new InvalidDataException($"{file} holds no result."));
        }

        return
        [
            .. results.OrderBy(result => result.Comparison, StringComparer.Ordinal)
                .ThenBy(result => result.RawBytes).ThenBy(result => result.MeasuredAt),
        ];
    }
}

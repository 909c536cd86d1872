namespace Backup.TestKit.Storage;

/// <summary>A request that reached the server, as the log keeps it.</summary>
/// <param name="Number">Its place in the order of arrival, from 1.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Target">Path and query as they came over the wire.</param>
/// <param name="Headers">All headers but those with keys in them; names are case-insensitive.</param>
public sealed record StorageRequest(int Number, string Method, string Target, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The path below the gateway's prefix, without the query.</summary>
    public required string Path { get; init; }

    /// <summary><c>HTTP/1.1</c> or <c>HTTP/2</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>A header, or <see langword="null"/>.</summary>
    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public override string ToString() => $"{Number} {Method} {Target}";
}

using System.CommandLine;
using System.Net.Http.Headers;

namespace Backup.Core.Peers.Clients;

/// <summary><c>download</c>: a trivial parallel downloader, the measure of what a server can give. Bytes are thrown away.</summary>
internal sealed class DownloadCommand : Command
{
    private readonly Argument<string> _address = new("ADDRESS") { Description = "The server." };
    private readonly Argument<string> _bucket = new("BUCKET") { Description = "The bucket." };
    private readonly Argument<string> _names = new("FILE") { Description = "A file with the names of the objects, one a line." };
    private readonly Argument<int> _transfers = new("N") { Description = "Downloads at once." };

    public DownloadCommand()
        : base("download", "Downloads objects into nowhere.")
    {
        Hidden = true;
        foreach (var argument in new Argument[] { _address, _bucket, _names, _transfers })
        {
            Add(argument);
        }

        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = new Uri(line.GetRequiredValue(_address)) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", OwnPrograms.ReadKey());
        var names = await File.ReadAllLinesAsync(line.GetRequiredValue(_names), cancellationToken);
        await Parallel.ForEachAsync(
            names,
            new ParallelOptions { MaxDegreeOfParallelism = line.GetRequiredValue(_transfers), CancellationToken = cancellationToken },
            async (name, token) =>
            {
                var uri = new Uri($"/object/authenticated/{line.GetRequiredValue(_bucket)}/{name}", UriKind.Relative);
                using var response = await client.GetAsync(uri, HttpCompletionOption.ResponseHeadersRead, token);
                response.EnsureSuccessStatusCode();
                await response.Content.CopyToAsync(Stream.Null, token);
            });
        return 0;
    }
}

using Backup.TestKit.Storage;

namespace Backup.Core.Tests.TestKit.Storage;

/// <summary>Replays what was recorded from the real server, so that the one that the tests use cannot drift from it.</summary>
/// <remarks>
/// <para>All exchanges of the recorded topics are in <c>Fixtures/supabase-storage</c> but these, none of which a backup makes:</para>
/// <list type="bullet">
/// <item>the S3 protocol, signed URLs, resumable uploads, image transformation, copy and move;</item>
/// <item><c>?download</c>, which sets Content-Disposition for browsers;</item>
/// <item>uploads as multipart forms: the client sends raw bodies;</item>
/// <item>the listing by cursor with folders or ordered by dates, which loses rows: the client lists flat, by name;</item>
/// <item>a NUL in a URL, which Kestrel refuses before the server sees it: no name in PostgreSQL can hold one;</item>
/// <item>a JSON body over 1 MiB, the health route while the database is down, and deletions of 1001 names at once.</item>
/// </list>
/// <para>
/// What was set up without being recorded stands between the exchanges as set-up steps. Tokens that were made for one exchange
/// have names that tell how. The failures of the database (429, 500, 544) are scripted as faults.
/// </para>
/// </remarks>
public sealed class StorageServerReplayTests
{
    [Theory]
    [InlineData("buckets", 61)]
    [InlineData("delete", 14)]
    [InlineData("download", 81)]
    [InlineData("download-s3-backend", 20)]
    [InlineData("errors", 46)]
    [InlineData("info", 16)]
    [InlineData("list-v1", 77)]
    [InlineData("list-v2", 42)]
    [InlineData("names", 107)]
    [InlineData("upload", 68)]
    public async Task Answers_ToTheRecordedRequests_AreTheRecordedOnes(string recording, int exchanges)
    {
        var steps = await RecordedStep.ReadAsync(recording);
        var options = new StorageServerOptions { HasS3Backend = steps.Any(step => step.Setup == "s3-backend") };
        await using var server = await StorageServer.StartAsync(options);
        using var replay = new RecordedExchanges(server);
        var differences = new List<string>();
        var replayed = 0;

        foreach (var step in steps)
        {
            if (step.Setup is not null)
            {
                await RecordedState.ApplyAsync(server, step);
            }
            else
            {
                replayed++;
                differences.AddRange(await replay.ReplayAsync(step) is { } difference ? [difference] : []);
            }
        }

        Assert.True(differences.Count == 0, string.Join(Environment.NewLine, differences));
        Assert.Equal(exchanges, replayed);
    }
}

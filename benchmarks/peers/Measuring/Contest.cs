using System.Globalization;
using Backup.Core.Peers.Results;
using Backup.TestKit.Tools;

namespace Backup.Core.Peers.Measuring;

/// <summary>Runs programs in turn, A B C, A B C, so that what slows the machine for a while slows all of them.</summary>
internal sealed class Contest(PeersOptions options, ServerProcessors server)
{
    /// <summary>Runs all rounds.</summary>
    /// <returns>One result each, in the given order; a program that cannot be found says so in its result.</returns>
    public async Task<IReadOnlyList<ContestantResult>> RunAsync(IReadOnlyList<Contestant> contestants, CancellationToken cancellationToken)
    {
        var samples = contestants.ToDictionary(contestant => contestant, _ => new List<Sample>());
        var missing = new Dictionary<Contestant, string>();
        for (var round = 1; round <= options.Rounds; round++)
        {
            foreach (var contestant in contestants.Where(contestant => !missing.ContainsKey(contestant)))
            {
                try
                {
                    var sample = await RunAsync(contestant, cancellationToken);
                    samples[contestant].Add(sample);
                    Show(round, contestant, sample);
                }
                catch (ToolException exception)
                {
                    // One that failed once is left out: a median over fewer rounds would compare other moments. Why is told to
                    // whoever measures and not kept: programs print paths.
                    missing[contestant] = $"It is missing or failed in round {round}.";
                    samples[contestant].Clear();
                    options.Output.WriteLine($"  {contestant.Name}: not measured. {exception.Message}");
                }
            }
        }

        return
        [
            .. contestants.Select(contestant => new ContestantResult
            {
                Name = contestant.Name,
                Series = contestant.Series,
                X = contestant.X,
                Samples = samples[contestant],
                Missing = missing.GetValueOrDefault(contestant),
            }),
        ];
    }

    private async Task<Sample> RunAsync(Contestant contestant, CancellationToken cancellationToken)
    {
        await contestant.PrepareAsync(cancellationToken);
        var folder = Directory.CreateDirectory(Path.Combine(options.WorkFolder, "output")).FullName;
        try
        {
            await contestant.FillAsync(folder, cancellationToken);
            var filled = SizeOf(folder);

            // Nobody shall wait until the disk has taken what others, or the preparations, have written.
            (await ExternalTool.RunAsync(new ToolCommand("sync"), cancellationToken)).EnsureSuccess();
            var sample = await MeasuredProcess.RunAsync(contestant.Command(folder), server, cancellationToken);
            return sample with { OutputBytes = SizeOf(folder) - filled };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static long SizeOf(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    private void Show(int round, Contestant contestant, Sample sample) => options.Output.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"  {round}. {contestant.Name}: {sample.WallSeconds:F1} s, {sample.CpuSeconds:F1} s of processor, "
        + $"server {sample.ServerCpuSeconds:F1} s, {sample.PeakMemoryBytes / 1048576d:F0} MiB, {sample.OutputBytes / 1e6:F1} MB"));
}

using System.Globalization;
using Backup.Core.Granularity;
using Backup.TestKit.Workloads;

// dotnet run -c Release --project benchmarks/granularity -- [GIGABYTES] [ROUNDS]; see benchmarks/README.md.
var bytes = (long)(1e9 * (args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 1));
var rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 3;
await using var database = await MeasuredDatabase.MakeAsync(bytes);
await Console.Out.WriteLineAsync(Report.Cutting(CuttingCost.Measure(rounds)));
await Console.Out.WriteLineAsync(Report.Reading(await ReadingCost.MeasureAsync(database, rounds)));

List<Cutter> cutters =
[
    .. ((int[])[16, 32, 64, 128, 256, 1024, 4096]).Select(blocks => new FixedPages(blocks)),
    .. ((int[])[64, 256, 1024]).Select(kibibytes => new ContentChunks(kibibytes * 1024)),
];
var full = await BackupMeasure.TakeAsync(database.Base, cutters);
await Console.Out.WriteLineAsync(Report.Full(full));
foreach (var change in MixedChange.All)
{
    var changed = await database.ChangeAsync(change);
    await Console.Out.WriteLineAsync(Report.Incremental(change, full, await BackupMeasure.TakeAsync(changed, cutters, full)));
    await database.DropAsync(changed);
}

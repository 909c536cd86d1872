using Backup.Cli.Output;
using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Pipeline;

namespace Backup.Cli.Commands;

/// <summary>Puts what an incremental backup stores, reuses and drops into words.</summary>
internal static class ChangesText
{
    // What has changed comes first, so that a thousand tables without a change do not bury it.
    private const int MostLines = 30;

    /// <summary>Writes what a backup builds on, or why it builds on nothing.</summary>
    public static void WriteKind(CommandOutput output, BackupKind kind, BackupId? parent, string? reason)
    {
        if (parent is { } id)
        {
            output.WriteLine($"  incremental, built on {id}{(reason is null ? "" : $": {Words.Name(ErrorReport.OfCommandLine(reason))}")}");
        }
        else if (reason is not null)
        {
            output.WriteLine($"  {kind.ToString().ToLowerInvariant()}, not incremental: {Words.Name(ErrorReport.OfCommandLine(reason))}");
        }
    }

    /// <summary>Writes the sums in one line.</summary>
    public static void WriteSums(CommandOutput output, BackupChanges changes) => output.WriteLine(
        $"  pages and files, before packing: {Text(changes.Stored)} stored, {Text(changes.Reused)} reused, {Text(changes.Dropped)} dropped");

    /// <summary>Writes a table of those tables and buckets of which something has changed.</summary>
    public static void WriteTable(CommandOutput output, BackupChanges changes)
    {
        var rows = changes.Tables.Select(table => (Name: table.Table.ToString(), table.Stored, table.Reused, table.Dropped))
            .Concat(changes.Buckets.Select(bucket => (Name: $"bucket {bucket.Id}", bucket.Stored, bucket.Reused, bucket.Dropped)))
            .Where(row => row.Stored.Items > 0 || row.Dropped.Items > 0)
            .OrderByDescending(row => row.Stored.Bytes).ThenByDescending(row => row.Dropped.Bytes)
            .ToList();
        if (rows.Count == 0)
        {
            output.WriteLine("  nothing has changed");
            return;
        }

        var table = new TextTable("CHANGED", ">STORED", ">REUSED", ">DROPPED");
        foreach (var row in rows.Take(MostLines))
        {
            table.Add(Words.Name(row.Name), Text(row.Stored), Text(row.Reused), Text(row.Dropped));
        }

        output.WriteLine();
        output.WriteTable(table);
        if (rows.Count > MostLines)
        {
            output.WriteLine($"and {Words.Count(rows.Count - MostLines)} more, of which less is stored (--json lists all)");
        }
    }

    private static string Text(ChangeAmount amount) => $"{Words.Count(amount.Items)} ({ByteSize.Format(amount.Bytes)})";
}

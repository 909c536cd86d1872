using Backup.Core.Archives;
using Backup.Core.Diagnostics;
using Backup.Core.Pipeline.Sources;
using Backup.Core.Postgres.Schema;

namespace Backup.Core.Pipeline.Stages.Texts;

/// <summary>Reads the schema of a snapshot and writes its files, while rows are being read.</summary>
internal sealed class SchemaStage(RowSnapshot snapshot, TextEntryWriter texts)
{
    /// <summary>The statements that set the sequences, all of the schema that the load script needs: the definitions of a large one
    /// are not held until then. Known when the stage has ended.</summary>
    public IReadOnlyList<string> Sequences { get; private set; } = [];

    /// <summary>Copies the schema.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var span = BackupSpans.Start(BackupTelemetry.SchemaSpan);
        var schema = await snapshot.ReadSchemaAsync(cancellationToken).ConfigureAwait(false);
        await texts.WriteAsync(
            EntryPaths.Toc, (stream, token) => TocFile.WriteAsync(stream, schema, token), cancellationToken).ConfigureAwait(false);
        await texts.WriteAsync(
            EntryPaths.PreData,
            (stream, token) => SchemaScript.WriteAsync(stream, schema, TocSection.PreData, token),
            cancellationToken).ConfigureAwait(false);
        await texts.WriteAsync(
            EntryPaths.PostData,
            (stream, token) => SchemaScript.WriteAsync(stream, schema, TocSection.PostData, token),
            cancellationToken).ConfigureAwait(false);
        Sequences = [.. schema.Entries.Where(entry => entry is { Section: TocSection.Data, Create.Length: > 0 }).Select(entry => entry.Create)];
    }
}

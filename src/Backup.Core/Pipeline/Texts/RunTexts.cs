using Backup.Core.Archives;
using Backup.Core.Compression;
using Backup.Core.ObjectStores;
using Backup.Core.Pipeline.Memory;
using Backup.Core.Postgres.Schema;
using Backup.Core.Postgres.Server;

namespace Backup.Core.Pipeline.Texts;

/// <summary>The texts of one backup that are written before and after all else: the guide, the bucket settings and the load script.</summary>
internal sealed class RunTexts(ArchiveWriter archive, ICompressor compressor, BufferPool buffers, ResourcePlan plan)
{
    private readonly TextEntries _packed = new(archive, compressor, buffers, plan);

    // Not packed: whoever has no tool for the codec must still be able to read which one is needed.
    private readonly TextEntries _plain = new(archive, new NoCompressor(), buffers, plan);

    /// <summary>Writes the guide for a person who has only the zip files.</summary>
    public async Task WriteGuideAsync(RestoreGuideFacts facts, CancellationToken cancellationToken)
    {
        var guide = RestoreGuide.Write(facts);
        await _plain.WriteAsync(
            EntryPaths.RestoreGuide, (stream, token) => stream.WriteAsync(guide, token).AsTask(), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes the settings of the buckets.</summary>
    public Task WriteBucketsAsync(IReadOnlyList<BucketInfo> buckets, CancellationToken cancellationToken) =>
        _packed.WriteAsync(EntryPaths.Buckets, (stream, token) => BucketsFile.WriteAsync(stream, buckets, token), cancellationToken);

    /// <summary>Writes the files of the schema, but those that other backups hold, which are given by their paths.</summary>
    public Task WriteSchemaAsync(
        DatabaseSchema schema, ServerObjects server, IReadOnlyDictionary<string, IndexEntry> shared, CancellationToken cancellationToken) =>
        SchemaTexts.WriteAsync(
            schema,
            server,
            shared,
            (path, write) => _packed.WriteAsync(path, write, cancellationToken),
            entry => archive.AddReferenceAsync(entry, cancellationToken).AsTask());

    /// <summary>Writes the psql script that loads what was copied.</summary>
    public Task WriteLoadScriptAsync(CopiedDatabase copied, IReadOnlyList<string> sequences, CancellationToken cancellationToken) =>
        _packed.WriteAsync(
            EntryPaths.LoadData,
            (stream, token) => LoadScript.WriteAsync(stream, copied, sequences, archive.References.Count > 0, token),
            cancellationToken);
}

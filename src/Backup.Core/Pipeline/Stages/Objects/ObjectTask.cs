using Backup.Core.Compression;
using Backup.Core.ObjectStores;

namespace Backup.Core.Pipeline.Stages.Objects;

/// <summary>An object that is to be downloaded.</summary>
/// <param name="Bucket">Its bucket in this run.</param>
/// <param name="Item">The object as it was listed.</param>
/// <param name="Path">Its path in the archive.</param>
/// <param name="Compressor">What packs it.</param>
internal sealed record ObjectTask(BucketRun Bucket, StoredObject Item, string Path, ICompressor Compressor);

using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Backup.Core.Compression;
using Backup.Core.ObjectStores;

namespace Backup.Core.Archives.Indexing;

/// <summary>One line of an index part: an entry as a JSON object. docs/format.md names its properties.</summary>
internal static class IndexLine
{
    /// <summary>How the writer of lines must be set up: only what JSON demands is escaped.</summary>
    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Appends an entry and a line feed.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="json">A writer over <paramref name="buffer"/>; it is reset for the next line.</param>
    /// <param name="buffer">Where the line goes.</param>
    public static void Write(IndexEntry entry, Utf8JsonWriter json, IBufferWriter<byte> buffer)
    {
        json.WriteStartObject();
        json.WriteString("path"u8, entry.Path);
        if (entry.Name is not null)
        {
            json.WriteString("name"u8, entry.Name);
        }

        if (entry.Backup is { } backup)
        {
            json.WriteString("backup"u8, backup.Value);
        }

        if (entry.EntryPath is not null)
        {
            json.WriteString("entry"u8, entry.EntryPath);
        }

        json.WriteNumber("volume"u8, entry.Volume);
        json.WriteNumber("offset"u8, entry.Offset);
        json.WriteNumber("method"u8, (int)entry.Method);
        json.WriteNumber("stored"u8, entry.StoredBytes);
        json.WriteNumber("raw"u8, entry.RawBytes);
        json.WriteString("crc32"u8, entry.Crc32.ToString("x8", CultureInfo.InvariantCulture));
        json.WriteString("xxh128"u8, entry.Digest.ToString());
        if (entry.Object is not null)
        {
            json.WritePropertyName("object"u8);
            IndexObject.Write(entry.Object, json);
        }

        json.WriteEndObject();
        json.Flush();
        json.Reset();
        buffer.Write("\n"u8);
    }

    /// <summary>Reads an entry.</summary>
    /// <param name="line">The line without its line feed.</param>
    /// <param name="entry">The entry, when the line is one.</param>
    /// <returns>Whether it is: every property there once and in its bounds. Properties that this version does not know are passed over.</returns>
    public static bool TryParse(ReadOnlySpan<byte> line, out IndexEntry? entry)
    {
        try
        {
            entry = Parse(line);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            // Utf8JsonReader has no other way to say "not JSON", "not a string" or "no such number".
            entry = null;
        }

        return entry is not null;
    }

    private static IndexEntry? Parse(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        var fields = default(Fields);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!fields.TryTake(ref reader))
            {
                return null;
            }
        }

        return reader.TokenType == JsonTokenType.EndObject && !reader.Read() ? fields.ToEntry() : null;
    }

    private struct Fields
    {
        private string? _path;
        private string? _name;
        private BackupId? _backup;
        private string? _entryPath;
        private int? _volume;
        private long? _offset;
        private int? _method;
        private long? _stored;
        private long? _raw;
        private uint? _crc32;
        private ContentHash? _digest;
        private StoredObject? _object;

        public bool TryTake(ref Utf8JsonReader reader)
        {
            if (reader.ValueTextEquals("path"u8))
            {
                return Once(ref _path, Text(ref reader));
            }

            if (reader.ValueTextEquals("name"u8))
            {
                return Once(ref _name, Text(ref reader));
            }

            if (reader.ValueTextEquals("crc32"u8))
            {
                return Once(ref _crc32, Crc(ref reader));
            }

            if (reader.ValueTextEquals("xxh128"u8))
            {
                return Once(ref _digest, Digest(ref reader));
            }

            if (reader.ValueTextEquals("backup"u8))
            {
                return Once(ref _backup, Backup(ref reader));
            }

            if (reader.ValueTextEquals("entry"u8))
            {
                return Once(ref _entryPath, Text(ref reader));
            }

            return reader.ValueTextEquals("object"u8) ? Once(ref _object, IndexObject.Parse(ref reader)) : TryTakeNumber(ref reader);
        }

        public readonly IndexEntry? ToEntry() =>
            _volume is not >= 1 || _offset is not >= 0 || _stored is not >= 0 || _raw is not >= 0 || _crc32 is null || _digest is null
            || _method is not ((int)CompressionMethod.None or (int)CompressionMethod.Deflate or (int)CompressionMethod.Zstandard)
            || !EntryPaths.IsValid(_path) || !IsOfAnother(_entryPath)
                ? null
                : new IndexEntry
                {
                    Path = _path!,
                    Name = _name,
                    Backup = _backup,
                    EntryPath = _entryPath,
                    Volume = _volume.Value,
                    Offset = _offset.Value,
                    Method = (CompressionMethod)_method.Value,
                    StoredBytes = _stored.Value,
                    RawBytes = _raw.Value,
                    Crc32 = _crc32.Value,
                    Digest = _digest.Value,
                    Object = _object is null ? null : _object with { Bytes = _raw.Value },
                };

        // Another path is only ever that of another backup's entry.
        private readonly bool IsOfAnother(string? entryPath) =>
            entryPath is null || (_backup is not null && entryPath != _path && EntryPaths.IsValid(entryPath));

        private bool TryTakeNumber(ref Utf8JsonReader reader)
        {
            if (reader.ValueTextEquals("offset"u8))
            {
                return Once(ref _offset, Number(ref reader));
            }

            if (reader.ValueTextEquals("stored"u8))
            {
                return Once(ref _stored, Number(ref reader));
            }

            if (reader.ValueTextEquals("raw"u8))
            {
                return Once(ref _raw, Number(ref reader));
            }

            if (reader.ValueTextEquals("volume"u8))
            {
                return Once(ref _volume, (int?)Number(ref reader, int.MaxValue));
            }

            if (reader.ValueTextEquals("method"u8))
            {
                return Once(ref _method, (int?)Number(ref reader, ushort.MaxValue));
            }

            return reader.TrySkip();
        }

        private static bool Once<T>(ref T? field, T? value)
        {
            var isFirst = field is null && value is not null;
            field = value;
            return isFirst;
        }

        private static string? Text(ref Utf8JsonReader reader) => reader.Read() ? reader.GetString() : null;

        private static long? Number(ref Utf8JsonReader reader, long max = long.MaxValue) =>
            reader.Read() && reader.TryGetInt64(out var value) && value <= max ? value : null;

        private static uint? Crc(ref Utf8JsonReader reader) =>
            Text(ref reader) is { Length: 8 } text
            && uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value : null;

        private static BackupId? Backup(ref Utf8JsonReader reader) => BackupId.TryParse(Text(ref reader), out var id) ? id : null;

        private static ContentHash? Digest(ref Utf8JsonReader reader) =>
            Text(ref reader) is { } text && ContentHash.TryParse(text, out var value) ? value : null;
    }
}

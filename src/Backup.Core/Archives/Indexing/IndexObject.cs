using System.Globalization;
using System.Text.Json;
using Backup.Core.ObjectStores;

namespace Backup.Core.Archives.Indexing;

/// <summary>The property <c>object</c> of an index line: all that is known of a stored object but its size, which is the entry's own.</summary>
internal static class IndexObject
{
    // As exact as the value: PostgreSQL keeps microseconds, file systems less or more.
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";

    /// <summary>Appends an object as the value of a property.</summary>
    /// <param name="stored">The object.</param>
    /// <param name="json">The line, after the property's name.</param>
    public static void Write(StoredObject stored, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("bucket"u8, stored.Bucket);
        json.WriteString("name"u8, stored.Name);
        WriteText(json, "id"u8, stored.Id);
        WriteText(json, "etag"u8, stored.ETag);
        WriteText(json, "version"u8, stored.Version);
        WriteText(json, "contentType"u8, stored.ContentType);
        WriteText(json, "cacheControl"u8, stored.CacheControl);
        WriteText(json, "robotsTag"u8, stored.RobotsTag);
        WriteText(json, "userMetadata"u8, stored.UserMetadata);
        WriteText(json, "owner"u8, stored.OwnerId);
        WriteTime(json, "createdAt"u8, stored.CreatedAt);
        WriteTime(json, "updatedAt"u8, stored.UpdatedAt);
        json.WriteEndObject();
    }

    /// <summary>Reads an object.</summary>
    /// <param name="reader">At the property's name; afterwards at the end of its value.</param>
    /// <returns>
    /// The object, its size not yet set; <see langword="null"/> unless bucket and name are there, no property is there twice and each
    /// that this version knows is the text it must be. Others are passed over.
    /// </returns>
    public static StoredObject? Parse(ref Utf8JsonReader reader)
    {
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

        return reader.TokenType == JsonTokenType.EndObject ? fields.ToObject() : null;
    }

    private static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> property, string? value)
    {
        if (value is not null)
        {
            json.WriteString(property, value);
        }
    }

    private static void WriteTime(Utf8JsonWriter json, ReadOnlySpan<byte> property, DateTimeOffset? value) =>
        WriteText(json, property, value?.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture));

    private struct Fields
    {
        private string? _bucket;
        private string? _name;
        private string? _id;
        private string? _etag;
        private string? _version;
        private string? _contentType;
        private string? _cacheControl;
        private string? _robotsTag;
        private string? _userMetadata;
        private string? _owner;
        private DateTimeOffset? _createdAt;
        private DateTimeOffset? _updatedAt;

        public bool TryTake(ref Utf8JsonReader reader)
        {
            if (reader.ValueTextEquals("bucket"u8))
            {
                return TryTakeText(ref reader, ref _bucket);
            }

            if (reader.ValueTextEquals("name"u8))
            {
                return TryTakeText(ref reader, ref _name);
            }

            if (reader.ValueTextEquals("createdAt"u8))
            {
                return TryTakeTime(ref reader, ref _createdAt);
            }

            if (reader.ValueTextEquals("updatedAt"u8))
            {
                return TryTakeTime(ref reader, ref _updatedAt);
            }

            return TryTakeProperty(ref reader);
        }

        public readonly StoredObject? ToObject() => _bucket is null || _name is null
            ? null
            : new StoredObject
            {
                Bucket = _bucket,
                Name = _name,
                Id = _id,
                ETag = _etag,
                Version = _version,
                ContentType = _contentType,
                CacheControl = _cacheControl,
                RobotsTag = _robotsTag,
                UserMetadata = _userMetadata,
                OwnerId = _owner,
                CreatedAt = _createdAt,
                UpdatedAt = _updatedAt,
            };

        private bool TryTakeProperty(ref Utf8JsonReader reader)
        {
            if (reader.ValueTextEquals("id"u8))
            {
                return TryTakeText(ref reader, ref _id);
            }

            if (reader.ValueTextEquals("etag"u8))
            {
                return TryTakeText(ref reader, ref _etag);
            }

            if (reader.ValueTextEquals("version"u8))
            {
                return TryTakeText(ref reader, ref _version);
            }

            if (reader.ValueTextEquals("contentType"u8))
            {
                return TryTakeText(ref reader, ref _contentType);
            }

            if (reader.ValueTextEquals("cacheControl"u8))
            {
                return TryTakeText(ref reader, ref _cacheControl);
            }

            if (reader.ValueTextEquals("robotsTag"u8))
            {
                return TryTakeText(ref reader, ref _robotsTag);
            }

            if (reader.ValueTextEquals("userMetadata"u8))
            {
                return TryTakeText(ref reader, ref _userMetadata);
            }

            return reader.ValueTextEquals("owner"u8) ? TryTakeText(ref reader, ref _owner) : reader.TrySkip();
        }

        private static bool TryTakeText(ref Utf8JsonReader reader, ref string? field)
        {
            if (field is not null || !reader.Read())
            {
                return false;
            }

            field = reader.GetString();
            return field is not null;
        }

        private static bool TryTakeTime(ref Utf8JsonReader reader, ref DateTimeOffset? field)
        {
            string? text = null;
            if (field is not null
                || !TryTakeText(ref reader, ref text)
                || !DateTimeOffset.TryParseExact(
                    text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var value))
            {
                return false;
            }

            field = value;
            return true;
        }
    }
}

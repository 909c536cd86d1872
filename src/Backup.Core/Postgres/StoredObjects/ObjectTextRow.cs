using System.Globalization;
using Backup.Core.ObjectStores;

namespace Backup.Core.Postgres.StoredObjects;

/// <summary>Reads rows of <see cref="ObjectQueries.CopyObjects"/>, one after another. Used by one caller at a time.</summary>
/// <param name="bucket">The objects' bucket.</param>
internal sealed class ObjectTextRow(string bucket)
{
    // Most objects of a bucket share these: equal ones that follow one another are one string.
    private readonly RepeatedText _contentType = new();
    private readonly RepeatedText _cacheControl = new();
    private readonly RepeatedText _robotsTag = new();
    private readonly RepeatedText _owner = new();

    /// <summary>Reads a row, without the line feed that ends it.</summary>
    public StoredObject Read(ReadOnlySpan<byte> row)
    {
        var fields = new CopyFields(row);
        return new StoredObject
        {
            Bucket = bucket,
            Name = fields.NextText()!,
            Id = fields.NextText(),
            Bytes = Size(fields.Next()),
            ETag = fields.NextText(),
            Version = fields.NextText(),
            ContentType = _contentType.Get(fields.Next()),
            CacheControl = _cacheControl.Get(fields.Next()),
            RobotsTag = _robotsTag.Get(fields.Next()),
            UserMetadata = fields.NextText(),
            OwnerId = _owner.Get(fields.Next()),
            CreatedAt = Time(fields.Next()),
            UpdatedAt = Time(fields.Next()),
        };
    }

    private static long? Size(ReadOnlySpan<byte> field) =>
        field.Length is > 0 and <= ObjectRow.MaxSizeDigits && long.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
            ? bytes
            : null;

    // As SessionSettings has it written, ISO and in UTC: 2026-11-22 20:59:34.59497+00. Parsing by a format takes as long as all other fields.
    private static DateTimeOffset? Time(ReadOnlySpan<byte> field)
    {
        if (CopyFields.IsNull(field))
            return null;
        if (!field.EndsWith("+00"u8))
            throw new FormatException("The server writes times in another zone than UTC.");

        var second = new DateTime(
            Number(field[..4]), Number(field[5..7]), Number(field[8..10]), Number(field[11..13]), Number(field[14..16]), Number(field[17..19]), DateTimeKind.Utc);
        var fraction = 0L;
        var unit = TimeSpan.TicksPerSecond;
        foreach (var digit in field[19..^3].TrimStart((byte)'.'))
            fraction += (digit - '0') * (unit /= 10);
        return new DateTimeOffset(second.AddTicks(fraction));
    }

    private static int Number(ReadOnlySpan<byte> digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
}

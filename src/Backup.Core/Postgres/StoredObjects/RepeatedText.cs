namespace Backup.Core.Postgres.StoredObjects;

/// <summary>Turns fields of COPY into texts, and a field that is as the one before into the same text. Used by one caller at a time.</summary>
internal sealed class RepeatedText
{
    private byte[] _last = [];
    private string? _text = string.Empty;

    /// <summary>The text of a field; <see langword="null"/> where the field is.</summary>
    public string? Get(ReadOnlySpan<byte> field)
    {
        if (!field.SequenceEqual(_last))
        {
            _last = field.ToArray();
            _text = CopyFields.Text(field);
        }

        return _text;
    }
}

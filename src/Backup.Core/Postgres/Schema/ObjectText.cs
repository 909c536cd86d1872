namespace Backup.Core.Postgres.Schema;

/// <summary>A text of an object: given, or made whenever it is asked for, since those of thousands of objects are not held.</summary>
internal readonly struct ObjectText
{
    private readonly string? _text;
    private readonly Func<SchemaObject, string>? _make;

    private ObjectText(string? text, Func<SchemaObject, string>? make)
    {
        _text = text;
        _make = make;
    }

    /// <summary>A given text; none for <see langword="null"/>.</summary>
    public static implicit operator ObjectText(string? text) => new(text, null);

    /// <summary>A text that is made of what the object holds anyway.</summary>
    /// <param name="make">Makes it; static, so that all objects share it.</param>
    public static ObjectText By(Func<SchemaObject, string> make) => new(null, make);

    /// <summary>The text; <see langword="null"/> for none.</summary>
    public string? Of(SchemaObject item) => _make is null ? _text : _make(item);
}

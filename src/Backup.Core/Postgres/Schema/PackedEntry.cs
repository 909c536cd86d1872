using System.Buffers;
using System.Text;

namespace Backup.Core.Postgres.Schema;

/// <summary>One entry of a table of contents in the binary form that it is held in; every property of <see cref="TocEntry"/> is in it.</summary>
internal static class PackedEntry
{
    /// <summary>Writes an entry.</summary>
    public static void Write(ArrayBufferWriter<byte> writer, TocEntry entry)
    {
        WriteNumber(writer, entry.Id);
        WriteNumber(writer, (int)entry.Section);
        WriteText(writer, entry.Kind);
        WriteOptional(writer, entry.Schema);
        WriteText(writer, entry.Name);
        WriteOptional(writer, entry.Table);
        WriteText(writer, entry.Create);
        WriteOptional(writer, entry.Owner);
        WriteOptional(writer, entry.SetOwner);
        WriteOptional(writer, entry.Drop);
        WriteNumber(writer, entry.Roles.Count);
        foreach (var role in entry.Roles)
        {
            WriteText(writer, role);
        }

        WriteNumber(writer, entry.DependsOn.Count);
        foreach (var id in entry.DependsOn)
        {
            WriteNumber(writer, id);
        }

        WriteNumber(writer, entry.Requires?.Count ?? 0);
        foreach (var requirement in entry.Requires ?? [])
        {
            WriteText(writer, requirement.What);
            WriteNumber(writer, requirement.Since ?? 0);
            WriteNumber(writer, requirement.Before ?? 0);
        }

        WriteNumber(writer, entry.Variants?.Count ?? 0);
        foreach (var variant in entry.Variants ?? [])
        {
            WriteNumber(writer, variant.Since ?? 0);
            WriteNumber(writer, variant.Before ?? 0);
            WriteText(writer, variant.Create);
            WriteOptional(writer, variant.Note);
        }
    }

    /// <summary>Reads an entry.</summary>
    public static TocEntry Read(BinaryReader reader) => new()
    {
        Id = reader.Read7BitEncodedInt(),
        Section = (TocSection)reader.Read7BitEncodedInt(),
        Kind = reader.ReadString(),
        Schema = ReadText(reader),
        Name = reader.ReadString(),
        Table = ReadText(reader),
        Create = reader.ReadString(),
        Owner = ReadText(reader),
        SetOwner = ReadText(reader),
        Drop = ReadText(reader),
        Roles = ReadAll(reader, reader => reader.ReadString()),
        DependsOn = ReadAll(reader, reader => reader.Read7BitEncodedInt()),
        Requires = NullIfEmpty(ReadAll(reader, reader => new VersionRequirement(reader.ReadString())
        {
            Since = ReadVersion(reader),
            Before = ReadVersion(reader),
        })),
        Variants = NullIfEmpty(ReadAll(reader, reader => new StatementVariant
        {
            Since = ReadVersion(reader),
            Before = ReadVersion(reader),
            Create = reader.ReadString(),
            Note = ReadText(reader),
        })),
    };

    // No version has the number 0.
    private static int? ReadVersion(BinaryReader reader) => reader.Read7BitEncodedInt() is > 0 and var version ? version : null;

    private static T[]? NullIfEmpty<T>(T[] items) => items.Length == 0 ? null : items;

    // As BinaryReader expects numbers and texts.
    private static void WriteNumber(ArrayBufferWriter<byte> writer, int number)
    {
        var rest = (uint)number;
        for (; rest >= 0x80; rest >>= 7)
        {
            WriteByte(writer, (byte)(rest | 0x80));
        }

        WriteByte(writer, (byte)rest);
    }

    private static void WriteText(ArrayBufferWriter<byte> writer, string text)
    {
        var count = Encoding.UTF8.GetByteCount(text);
        WriteNumber(writer, count);
        writer.Advance(Encoding.UTF8.GetBytes(text, writer.GetSpan(count)));
    }

    private static void WriteOptional(ArrayBufferWriter<byte> writer, string? text)
    {
        WriteByte(writer, text is null ? (byte)0 : (byte)1);
        if (text is not null)
        {
            WriteText(writer, text);
        }
    }

    private static void WriteByte(ArrayBufferWriter<byte> writer, byte value)
    {
        writer.GetSpan(1)[0] = value;
        writer.Advance(1);
    }

    private static string? ReadText(BinaryReader reader) => reader.ReadBoolean() ? reader.ReadString() : null;

    private static T[] ReadAll<T>(BinaryReader reader, Func<BinaryReader, T> read)
    {
        var items = new T[reader.Read7BitEncodedInt()];
        for (var index = 0; index < items.Length; index++)
        {
            items[index] = read(reader);
        }

        return items;
    }
}

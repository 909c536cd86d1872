namespace Backup.Core.Postgres.Schema;

/// <summary>One entry of a table of contents in the binary form that it is held in; every property of <see cref="TocEntry"/> is in it.</summary>
internal static class PackedEntry
{
    /// <summary>Writes an entry.</summary>
    public static void Write(BinaryWriter writer, TocEntry entry)
    {
        writer.Write7BitEncodedInt(entry.Id);
        writer.Write((byte)entry.Section);
        writer.Write(entry.Kind);
        Write(writer, entry.Schema);
        writer.Write(entry.Name);
        Write(writer, entry.Table);
        writer.Write(entry.Create);
        Write(writer, entry.Owner);
        Write(writer, entry.SetOwner);
        Write(writer, entry.Drop);
        writer.Write7BitEncodedInt(entry.Roles.Count);
        foreach (var role in entry.Roles)
        {
            writer.Write(role);
        }

        writer.Write7BitEncodedInt(entry.DependsOn.Count);
        foreach (var id in entry.DependsOn)
        {
            writer.Write7BitEncodedInt(id);
        }
    }

    /// <summary>Reads an entry.</summary>
    public static TocEntry Read(BinaryReader reader) => new()
    {
        Id = reader.Read7BitEncodedInt(),
        Section = (TocSection)reader.ReadByte(),
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
    };

    private static void Write(BinaryWriter writer, string? text)
    {
        writer.Write(text is not null);
        if (text is not null)
        {
            writer.Write(text);
        }
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

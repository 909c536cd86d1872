using System.Globalization;
using System.Runtime.CompilerServices;
using Backup.Core.Archives.Resuming;

namespace Backup.Core.Archives.Referencing;

/// <summary>Puts the entries of one part of a parent's index into arrays. Used once, by one caller.</summary>
/// <remarks>
/// Texts are kept only where they cannot be told from what is asked for, and never more than <see cref="MaxCharacters"/> of them: of an
/// entry beyond that the path is not known, so it is left out, or the properties are not. Either costs a reading anew and is never wrong.
/// </remarks>
internal sealed class ParentPartBuilder(BackupId parent, int entries)
{
    private const int MaxCharacters = 512 * 1024;
    private const int BytesPerText = 64;

    private static readonly int SlotBytes = Unsafe.SizeOf<ParentSlot>() + Unsafe.SizeOf<UInt128>() + sizeof(int);

    private readonly UInt128[] _keys = new UInt128[entries];
    private readonly ParentSlot[] _slots = new ParentSlot[entries];
    private readonly List<string> _paths = [];
    private readonly Dictionary<string, int> _folders = new(StringComparer.Ordinal);
    private readonly Dictionary<ObjectProperties, int> _properties = [];
    private readonly Dictionary<BackupId, int> _backups = [];
    private int _count;
    private long _characters;

    /// <summary>The folders of pages, and what else has a folder, with the least and the greatest page of each.</summary>
    public List<FolderRange> Folders { get; } = [];

    /// <summary>The least and the greatest of the objects; <see langword="null"/> when there are none.</summary>
    public NameBounds? Objects { get; private set; }

    /// <summary>The key of an entry that is no object.</summary>
    public static UInt128 KeyOf(string path) => ObjectKeys.OfText(path);

    /// <summary>The folder of a path, and its page: 0 where the file is no page.</summary>
    public static (ReadOnlyMemory<char> Folder, int Page) Split(string path)
    {
        var slash = path.LastIndexOf('/') + 1;
        var file = path.AsSpan(slash);
        var dot = file.IndexOf('.');
        var isPage = int.TryParse(dot < 0 ? file : file[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out var page);
        return (path.AsMemory(0, slash), isPage ? page : 0);
    }

    /// <summary>Adds an entry.</summary>
    public void Add(IndexEntry entry)
    {
        UInt128 key;
        string expected;
        if (entry.Object is { } stored)
        {
            Objects = NameBounds.Widen(Objects, stored.Bucket, stored.Name);
            key = ObjectKeys.Of(stored.Bucket, stored.Name);
            expected = ObjectPaths.Plain(stored.Bucket, stored.Name);
        }
        else
        {
            AddFolder(entry.Path);
            key = KeyOf(entry.Path);
            expected = entry.Path;
        }

        var path = ParentSlot.None;
        if ((entry.EntryPath ?? entry.Path) is var there && there != expected && !TryKeep(there, expected, out path))
        {
            return;
        }

        _keys[_count] = key;
        _slots[_count++] = new ParentSlot(
            entry.Digest,
            entry.Object is null ? new ObjectMark(0, 0, 0, entry.RawBytes) : ObjectMark.Of(entry.Object with { Bytes = entry.RawBytes }),
            entry.Offset,
            entry.StoredBytes,
            entry.Crc32,
            entry.Volume,
            path,
            entry.Object is null ? ParentSlot.None : NumberOf(ObjectProperties.Of(entry.Object)),
            entry.Backup is { } backup ? NumberOf(backup) : ParentSlot.None,
            entry.Method);
    }

    /// <summary>What was added.</summary>
    public ParentPart ToPart()
    {
        var texts = _paths.Count + _properties.Count + _backups.Count;
        return new ParentPart(
            parent,
            _keys.AsMemory(0, _count),
            _slots,
            new ParentTexts([.. _paths], InOrder(_properties), InOrder(_backups)),
            ((long)entries * SlotBytes) + (sizeof(char) * _characters) + ((long)texts * BytesPerText));
    }

    private static T[] InOrder<T>(Dictionary<T, int> numbers)
        where T : notnull
    {
        var items = new T[numbers.Count];
        foreach (var (item, number) in numbers)
        {
            items[number] = item;
        }

        return items;
    }

    private void AddFolder(string path)
    {
        var (folder, page) = Split(path);
        var hash = FolderRange.HashOf(folder.Span);
        if (Folders.Count > 0 && Folders[^1] is var last && last.Folder == hash)
        {
            Folders[^1] = last with { FirstPage = Math.Min(last.FirstPage, page), LastPage = Math.Max(last.LastPage, page) };
        }
        else
        {
            Folders.Add(new FolderRange(hash, page, page));
        }
    }

    // All pages of a table that had another name lie in one folder, each in the file that is expected: that folder is kept, once.
    private bool TryKeep(string path, string expected, out int number)
    {
        var file = ParentTexts.FileOf(path);
        var isFolder = file.SequenceEqual(ParentTexts.FileOf(expected));
        var text = isFolder ? path[..^file.Length] : path;
        if (isFolder && _folders.TryGetValue(text, out number))
        {
            return true;
        }

        number = _paths.Count;
        if (_characters + text.Length > MaxCharacters)
        {
            return false;
        }

        _characters += text.Length;
        _paths.Add(text);
        if (isFolder)
        {
            _folders.Add(text, number);
        }

        return true;
    }

    private int NumberOf(ObjectProperties properties)
    {
        if (_properties.TryGetValue(properties, out var number))
        {
            return number;
        }

        if (_characters + properties.Characters > MaxCharacters)
        {
            return ParentSlot.None;
        }

        _characters += properties.Characters;
        _properties.Add(properties, _properties.Count);
        return _properties.Count - 1;
    }

    private int NumberOf(BackupId backup)
    {
        if (!_backups.TryGetValue(backup, out var number))
        {
            number = _backups.Count;
            _backups.Add(backup, number);
        }

        return number;
    }
}

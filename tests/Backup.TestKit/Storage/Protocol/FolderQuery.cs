using Backup.Core.ObjectStores;

namespace Backup.TestKit.Storage.Protocol;

/// <summary>One page of a folder, found as the recorded server finds it, with what it loses on the way.</summary>
/// <remarks>
/// By name it jumps through the lower-case names. It looks one name ahead: a folder is shown once and then jumped over; at a
/// file it reads a batch of names, up to the next folder, and goes on behind <c>name/</c>. So names that begin with the last
/// one of a batch and go on with a byte below the slash are lost, folders that differ in case become one, and, descending, a
/// folder's last name is passed when a batch runs into it. By time it compares whole names and nothing is lost.
/// </remarks>
internal sealed class FolderQuery(string folder, string search, int limit, int offset, bool isDescending)
{
    private const char Delimiter = '/';
    private const char AfterDelimiter = '0';
    private const int MaxLimit = 1500;
    private const int BatchFactor = 2;
    private const int MinBatchRows = 100;
    private const int MaxBatchRows = 1000;

    private readonly string _prefix = folder + search;
    private readonly string _foldedPrefix = (folder + search).ToLowerInvariant();
    private readonly int _limit = Math.Min(limit, MaxLimit);
    private readonly List<FolderItem> _found = [];
    private int _skipped;

    private bool IsFull => _found.Count >= _limit;

    private int BatchRows => Math.Min(Math.Max(BatchFactor * _limit, MinBatchRows), MaxBatchRows);

    /// <summary>The page in the order of the lower-case names.</summary>
    /// <param name="rows">The bucket's rows, folded.</param>
    public IReadOnlyList<FolderItem> ByName(FoldedRow[] rows)
    {
        var folded = rows.Where(row => row.Key.StartsWith(_foldedPrefix, StringComparison.Ordinal)).ToArray();
        if (folded.Length == 0)
        {
            return _found;
        }

        var seek = isDescending ? folded[^1].Key + Delimiter : _foldedPrefix;
        while (!IsFull && Following(folded, seek).Cast<FoldedRow?>().FirstOrDefault() is { } next)
        {
            if (CommonPrefix(next.Key, _foldedPrefix) is { } below)
            {
                Add(new FolderItem(FolderName(CommonPrefix(next.Row.Name, _prefix)!), null));
                seek = isDescending ? below : below[..^1] + AfterDelimiter;
            }
            else
            {
                seek = AddBatch(folded, seek);
            }
        }

        return _found;
    }

    /// <summary>The page with the folders first, by their names, and then the files by a time.</summary>
    public IReadOnlyList<FolderItem> ByTime(ObjectRow[] rows, Func<ObjectRow, DateTimeOffset> time)
    {
        var start = folder.Count(unit => unit == Delimiter);
        var levels = _prefix.Count(unit => unit == Delimiter) + 1;
        var below = rows
            .Where(row => row.Name.StartsWith(_prefix, StringComparison.OrdinalIgnoreCase))
            .Select(row => (Row: row, Tokens: row.Name.Split(Delimiter)))
            .ToList();

        // The collation puts lower case before upper case, and both together.
        var folders = below
            .Where(item => item.Tokens.Length != levels)
            .Select(item => string.Join(Delimiter, item.Tokens[start..Math.Min(levels, item.Tokens.Length)]))
            .Distinct(StringComparer.Ordinal)
            .OrderBy(name => name, StringComparer.OrdinalIgnoreCase)
            .ThenByDescending(name => name, StringComparer.Ordinal)
            .Select(name => new FolderItem(name, null));
        var files = below
            .Where(item => item.Tokens.Length == levels)
            .OrderBy(item => time(item.Row))
            .Select(item => new FolderItem(string.Join(Delimiter, item.Tokens[start..]), item.Row));
        return [.. (isDescending ? folders.Reverse().Concat(files.Reverse()) : folders.Concat(files)).Skip(offset).Take(_limit)];
    }

    // A key up to and with the first slash behind a prefix; null when there is none.
    private static string? CommonPrefix(string key, string prefix)
    {
        var slash = key.IndexOf(Delimiter, prefix.Length);
        return slash < 0 ? null : key[..(slash + 1)];
    }

    private string AddBatch(FoldedRow[] folded, string seek)
    {
        foreach (var row in Following(folded, seek).Take(BatchRows))
        {
            if (CommonPrefix(row.Key, _foldedPrefix) is not null)
            {
                return row.Key;
            }

            Add(new FolderItem(row.Row.Name[folder.Length..], row.Row));
            seek = isDescending ? row.Key : row.Key + Delimiter;
            if (IsFull)
            {
                break;
            }
        }

        return seek;
    }

    private IEnumerable<FoldedRow> Following(FoldedRow[] folded, string seek)
    {
        int low = 0, high = folded.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Utf8Order.Instance.Compare(folded[middle].Key, seek) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return isDescending ? folded.AsEnumerable().Take(low).Reverse() : folded.Skip(low);
    }

    // All slashes at the end are cut off: between two slashes there is a folder with the empty name.
    private string FolderName(string prefix)
    {
        var name = prefix.TrimEnd(Delimiter);
        return name.Length <= folder.Length ? string.Empty : name[folder.Length..];
    }

    private void Add(FolderItem item)
    {
        if (_skipped < offset)
        {
            _skipped++;
        }
        else
        {
            _found.Add(item);
        }
    }
}

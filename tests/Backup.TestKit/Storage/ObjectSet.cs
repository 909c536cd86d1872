using Backup.Core.ObjectStores;

namespace Backup.TestKit.Storage;

/// <summary>The objects of one bucket. Used under the lock of its <see cref="StorageState"/>.</summary>
internal sealed class ObjectSet
{
    private readonly Dictionary<string, ObjectRow> _rows = new(StringComparer.Ordinal);
    private ObjectRow[]? _sorted;

    public ObjectRow? Find(string name) => _rows.GetValueOrDefault(name);

    public void Put(ObjectRow row)
    {
        _rows[row.Name] = row;
        _sorted = null;
    }

    public ObjectRow? Take(string name)
    {
        _sorted = null;
        return _rows.Remove(name, out var row) ? row : null;
    }

    /// <summary>All rows in the order of their names' UTF-8 bytes; never changed afterwards.</summary>
    public ObjectRow[] Sorted() => _sorted ??= [.. _rows.Values.OrderBy(row => row.Name, Utf8Order.Instance)];
}

using Backup.Core.Archives.Manifest;
using Backup.Core.Postgres;
using Backup.Core.Postgres.LargeObjects;
using Backup.Core.Postgres.Schema;
using Backup.Core.Restore.LargeObjects;

namespace Backup.Core.Restore;

/// <summary>Sorts a backup's objects and tables into those that a request is about and those that it is not.</summary>
internal sealed class RestoreSelector
{
    private readonly IReadOnlyList<TocEntry> _entries;
    private readonly RestoreRequest _request;
    private readonly bool _isEverything;
    private readonly Dictionary<int, TocEntry> _byId;
    private readonly HashSet<int> _chosen = [];
    private readonly Dictionary<int, string> _blocked = [];
    private readonly HashSet<int> _included = [];
    private readonly Dictionary<QualifiedName, QualifiedName> _parents = [];

    private RestoreSelector(IReadOnlyList<TocEntry> entries, RestoreRequest request)
    {
        _entries = entries;
        _request = request;
        _isEverything = request.Tables.IsEverything;
        _byId = entries.ToDictionary(entry => entry.Id);
        foreach (var attachment in entries.Where(entry => entry.Kind == TocKinds.TableAttach))
        {
            var partition = NameOf(attachment);
            foreach (var parent in Needs(attachment).Where(need => TocKinds.IsRelation(need.Kind)).Select(NameOf).Where(name => name != partition))
            {
                _parents[partition] = parent;
            }
        }
    }

    /// <summary>Selects.</summary>
    /// <param name="schema">The backup's table of contents.</param>
    /// <param name="tables">The tables whose rows the backup holds.</param>
    /// <param name="request">What to restore.</param>
    public static RestoreSet Select(DatabaseSchema schema, IReadOnlyList<TableRecord> tables, RestoreRequest request)
    {
        var selector = new RestoreSelector(schema.Entries, request);
        selector.Choose();
        selector.FindBlocked();
        selector.IncludeNeeds();
        return selector.ToSet(tables);
    }

    private void Choose()
    {
        var sequences = new HashSet<(string?, string)>();
        foreach (var entry in _entries)
        {
            if (!IsChosen(entry))
            {
                continue;
            }

            _chosen.Add(entry.Id);

            // A table's own sequence: the table's default or its OWNED BY entry leads to it.
            foreach (var need in Needs(entry).Where(need => need.Kind == TocKinds.Sequence && entry.Table is not null))
            {
                _chosen.Add(need.Id);
                sequences.Add((need.Schema, need.Name));
            }
        }

        foreach (var entry in _entries.Where(entry => entry.Kind == TocKinds.SequenceSet))
        {
            if (sequences.Contains((entry.Schema, entry.Name)))
            {
                _chosen.Add(entry.Id);
            }
        }
    }

    private bool IsChosen(TocEntry entry)
    {
        if (_isEverything)
        {
            return true;
        }

        if (entry.Schema is { } schema && (entry.Table ?? (TocKinds.IsRelation(entry.Kind) ? entry.Name : null)) is { } table)
        {
            return IsSelected(new QualifiedName(schema, table));
        }

        // A comment or a grant goes with what it is about, anything else with its schema.
        return (entry.Section == TocSection.PostData && entry.DependsOn.Count > 0 && entry.DependsOn.All(_chosen.Contains))
            || IsChosenBySchema(entry);
    }

    // The rows of a partitioned table are those of its partitions: they go with it, at all levels.
    private bool IsSelected(QualifiedName table)
    {
        var place = table;
        for (var level = 0; level <= _parents.Count; level++)
        {
            if (_request.Tables.Includes(place))
            {
                return true;
            }

            if (_request.Tables.Excludes(place) || !_parents.TryGetValue(place, out place))
            {
                return false;
            }
        }

        return false;
    }

    private static QualifiedName NameOf(TocEntry entry) => new(entry.Schema ?? "", entry.Name);

    private bool IsChosenBySchema(TocEntry entry) => (entry.Schema ?? (entry.Kind == TocKinds.Schema ? entry.Name : null)) is { } schema
        ? _request.Tables.IncludesSchema(schema)
        : _request.Tables is { IncludeSchemas.Count: 0, IncludeTables.Count: 0 };

    // Ids ascend along dependencies, so one pass settles what cannot be made without a relation that was not chosen.
    private void FindBlocked()
    {
        foreach (var entry in _entries)
        {
            if (TocKinds.IsRelation(entry.Kind) && !_chosen.Contains(entry.Id))
            {
                _blocked[entry.Id] = $"{entry.Kind} {QualifiedNameOf(entry)} is not part of this restore";
            }
            else if (entry.DependsOn.FirstOrDefault(_blocked.ContainsKey) is var need and not 0)
            {
                _blocked[entry.Id] = _blocked[need];
            }
        }
    }

    private void IncludeNeeds()
    {
        foreach (var entry in _entries.Reverse())
        {
            if (_chosen.Contains(entry.Id) && !_blocked.ContainsKey(entry.Id))
            {
                _included.Add(entry.Id);
            }

            if (_included.Contains(entry.Id))
            {
                foreach (var need in Needs(entry))
                {
                    _included.Add(need.Id);
                }
            }
        }
    }

    private RestoreSet ToSet(IReadOnlyList<TableRecord> tables)
    {
        var wanted = _entries.Where(entry => _included.Contains(entry.Id) && IsWanted(entry)).ToList();
        var closing = ClosingIds(wanted);
        var blockedTables = _entries
            .Where(entry => entry.Kind == TocKinds.TableData && _blocked.ContainsKey(entry.Id))
            .Select(entry => new QualifiedName(entry.Schema ?? "", entry.Table ?? entry.Name))
            .ToHashSet();
        var loaded = _request.Scope == RestoreScope.SchemaOnly
            ? []
            : tables.Where(table => IsLoaded(new QualifiedName(table.Schema, table.Name), blockedTables)).ToList();
        var lostObjects = LargeObjectChoice.RemoveIncomplete(loaded);
        return new RestoreSet
        {
            PreData = [.. wanted.Where(entry => entry.Section == TocSection.PreData && !closing.Contains(entry.Id))],
            Tables = loaded,
            Sequences = [.. wanted.Where(entry => entry.Kind == TocKinds.SequenceSet)],
            PostData = [.. wanted.Where(entry => entry.Section == TocSection.PostData && !closing.Contains(entry.Id))],
            Closing = [.. wanted.Where(entry => closing.Contains(entry.Id))],
            LeftOut =
            [
                .. _entries
                    .Where(entry => _chosen.Contains(entry.Id) && _blocked.ContainsKey(entry.Id) && IsWanted(entry))
                    .Select(entry => new LeftOutObject(entry.Kind, QualifiedNameOf(entry), _blocked[entry.Id] + ".")),
                .. lostObjects,
            ],
            ExtensionTables = _entries
                .Where(entry => entry.Kind == TocKinds.TableData && Needs(entry).Any(need => need.Kind == TocKinds.Extension))
                .ToDictionary(NameOf, entry => entry.DependsOn),
            Supporting = _included.Where(id => !_chosen.Contains(id)).ToHashSet(),
        };
    }

    private bool IsLoaded(QualifiedName table, HashSet<QualifiedName> blocked) =>
        LargeObjectRelations.Contains(table)
            ? _request.Tables.IncludesLargeObjects
            : (_isEverything || IsSelected(table)) && !blocked.Contains(table);

    private bool IsWanted(TocEntry entry)
    {
        if (_request.SkipOwnersAndPrivileges && TocKinds.IsPrivilege(entry.Kind))
        {
            return false;
        }

        var isData = entry.Section == TocSection.Data || entry.Kind == TocKinds.MaterializedViewData;
        return _request.Scope switch
        {
            RestoreScope.SchemaOnly => !isData,
            RestoreScope.DataOnly => isData,
            _ => true,
        };
    }

    // What rests on something that is made last is made last too: the comment on an event trigger. So is what only the owner of an
    // extension may say of it, whoever that is at the target: it must not cost all the rest.
    private HashSet<int> ClosingIds(List<TocEntry> wanted)
    {
        var closing = new HashSet<int>();
        foreach (var entry in wanted)
        {
            if (TocKinds.IsClosing(entry.Kind) || entry.DependsOn.Any(closing.Contains)
                || (entry.Kind == TocKinds.Comment && Needs(entry).Any(need => need.Kind == TocKinds.Extension)))
            {
                closing.Add(entry.Id);
            }
        }

        return closing;
    }

    private IEnumerable<TocEntry> Needs(TocEntry entry) =>
        entry.DependsOn.Where(_byId.ContainsKey).Select(id => _byId[id]);

    private static string QualifiedNameOf(TocEntry entry) => RestoreNames.Of(entry);
}

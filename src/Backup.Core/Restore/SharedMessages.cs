using System.Collections.Frozen;
using Backup.Core.Postgres;

namespace Backup.Core.Restore;

/// <summary>
/// Puts the statements of several entries into one message to the server. A schema of ten thousand tables has a hundred thousand
/// entries; a round trip, and outside of a transaction a commit, for each of them would be most of the time.
/// </summary>
/// <remarks>
/// The entries of a message are made together or not at all. Which of them the server refused is found by making them again one by one.
/// </remarks>
internal static class SharedMessages
{
    /// <summary>The most entries of one message: those are made once more when one of them is refused.</summary>
    public const int MaxEntries = 100;

    /// <summary>The most text of one message.</summary>
    public const int MaxCharacters = 128 * 1024;

    // What takes long, or acts on what is made after it.
    private static readonly FrozenSet<string> Alone = FrozenSet.Create(
        StringComparer.Ordinal, "EXTENSION", "SUBSCRIPTION", "EVENT TRIGGER", "MATERIALIZED VIEW", TocKinds.MaterializedViewData);

    /// <summary>Whether statements may share a message.</summary>
    /// <param name="kind">The kind of the entry that they make or remove.</param>
    /// <param name="sql">The statements.</param>
    public static bool CanShare(string kind, string sql) =>
        sql.Length <= MaxCharacters && !Alone.Contains(kind) && ServerScript.IsPlain(sql);

    /// <summary>Cuts items into messages, in their order.</summary>
    /// <param name="items">The items.</param>
    /// <param name="sqlOf">The statements of an item.</param>
    /// <param name="canShare">Whether an item may share a message with those around it.</param>
    public static IEnumerable<IReadOnlyList<T>> Cut<T>(IEnumerable<T> items, Func<T, string> sqlOf, Func<T, bool> canShare)
    {
        var message = new List<T>();
        var characters = 0;
        foreach (var item in items)
        {
            var length = sqlOf(item).Length;
            var isShared = canShare(item);
            if (message.Count > 0 && (!isShared || message.Count == MaxEntries || characters + length > MaxCharacters))
            {
                yield return message;
                (message, characters) = ([], 0);
            }

            if (isShared)
            {
                message.Add(item);
                characters += length;
            }
            else
            {
                yield return [item];
            }
        }

        if (message.Count > 0)
        {
            yield return message;
        }
    }
}

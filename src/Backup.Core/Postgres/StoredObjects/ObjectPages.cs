using System.Globalization;
using System.Runtime.CompilerServices;
using Npgsql;

namespace Backup.Core.Postgres.StoredObjects;

/// <summary>Reads a bucket's objects page by page, in the order of their names' bytes.</summary>
/// <remarks>
/// Between two pages the connection is free. With an index of that order each page is a query that begins behind the last
/// name; without one, as on old servers, every such query would sort the whole bucket, so a cursor sorts it once.
/// </remarks>
internal sealed class ObjectPages(ObjectConnection connection, ObjectCopies? copies, ObjectQueries queries, bool hasIndex)
{
    private const int MaxRows = 8000;
    private const int CursorRows = 1000;

    // A page ends early when its texts take more: names and metadata may be long.
    private const int MaxCharacters = 2 * 1024 * 1024;

    private int _cursors;

    /// <summary>Reads the pages; none is empty.</summary>
    public IAsyncEnumerable<ObjectPage> ReadAsync(string bucket, NameRange range, CancellationToken cancellationToken) =>
        hasIndex ? ReadBehindAsync(bucket, range, cancellationToken) : ReadCursorAsync(bucket, range, cancellationToken);

    /// <summary>A command with the parameters of <see cref="ObjectQueries.Objects"/>.</summary>
    public static NpgsqlBatchCommand Command(string text, string bucket, NameRange range)
    {
        var command = new NpgsqlBatchCommand(text);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = bucket });
        range.AddTo(command);
        return command;
    }

    private async IAsyncEnumerable<ObjectPage> ReadBehindAsync(
        string bucket, NameRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rows = MaxRows;
        for (var isBehind = false; ; isBehind = true)
        {
            var page = await TryCopyBehindAsync(bucket, range, isBehind, rows, cancellationToken).ConfigureAwait(false)
                ?? await QueryBehindAsync(bucket, range, isBehind, rows, cancellationToken).ConfigureAwait(false);
            var count = page.Objects.Count;
            if (count > 0)
                yield return page;
            if (count < rows && !page.IsCut)
                yield break;

            range = range with { First = page.Objects[^1].Name };
            rows = page.IsCut ? count : Math.Min(rows * 2, MaxRows);
        }
    }

    private Task<ObjectPage> QueryBehindAsync(
        string bucket, NameRange range, bool isBehind, int rows, CancellationToken cancellationToken)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{queries.Objects(isBehind, range.End is not null)} LIMIT {rows}");
        return connection.QueryAsync(
            ObjectQueries.InOrder,
            Command(text, bucket, range),
            (reader, token) => ObjectPage.ReadAsync(reader, bucket, MaxCharacters, token),
            Action(bucket),
            cancellationToken);
    }

    private async Task<ObjectPage?> TryCopyBehindAsync(
        string bucket, NameRange range, bool isBehind, int rows, CancellationToken cancellationToken)
    {
        if (copies is null)
            return null;

        return await copies.TryReadAsync(
            queries.CopyObjects(bucket, range, isBehind, rows),
            (copy, token) => new ObjectCopy(copy, bucket, MaxCharacters).ReadAsync(token),
            Action(bucket),
            cancellationToken).ConfigureAwait(false);
    }

    private async IAsyncEnumerable<ObjectPage> ReadCursorAsync(
        string bucket, NameRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var cursor = string.Create(CultureInfo.InvariantCulture, $"backup_objects_{Interlocked.Increment(ref _cursors)}");
        var declare = $"DECLARE {cursor} NO SCROLL CURSOR FOR {queries.Objects(isBehind: false, range.End is not null)}";
        await connection.KeepAsync(ObjectQueries.Free, Command(declare, bucket, range), NothingAsync, Action(bucket), cancellationToken)
            .ConfigureAwait(false);
        while (true)
        {
            // Never cut: the cursor is behind the page's last row then.
            var page = await connection.KeepAsync(
                [],
                new NpgsqlBatchCommand(string.Create(CultureInfo.InvariantCulture, $"FETCH {CursorRows} FROM {cursor}")),
                (reader, token) => ObjectPage.ReadAsync(reader, bucket, int.MaxValue, token),
                Action(bucket),
                cancellationToken).ConfigureAwait(false);
            if (page.Objects.Count == 0)
                break;
            yield return page;
        }

        // One whose listing was given up is closed with the transaction.
        await connection.KeepAsync([], new NpgsqlBatchCommand($"CLOSE {cursor}"), NothingAsync, Action(bucket), cancellationToken)
            .ConfigureAwait(false);
    }

    private static Task<bool> NothingAsync(NpgsqlDataReader reader, CancellationToken cancellationToken) => Task.FromResult(true);

    private static string Action(string bucket) => $"Listing the objects of bucket {bucket}";
}

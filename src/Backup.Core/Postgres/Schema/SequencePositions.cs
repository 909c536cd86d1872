using Backup.Core.Postgres.Schema.Kinds;

namespace Backup.Core.Postgres.Schema;

/// <summary>Reads where sequences stand, which no catalog says.</summary>
internal static class SequencePositions
{
    // One message for many sequences keeps the number of round trips small, and its text short of 100 KB. The time it takes to plan a
    // query grows faster than the number of its parts.
    private const int SequencesPerMessage = 500;
    private const int SequencesPerQuery = 25;

    private const string Savepoint = "sequence_positions";

    /// <summary>Reads the positions of sequences.</summary>
    /// <returns>A position for each name, in the same order.</returns>
    public static async Task<IReadOnlyList<(long Value, bool IsCalled)>> ReadAsync(
        ReadContext context, IReadOnlyList<QualifiedName> sequences, CancellationToken cancellationToken)
    {
        var positions = new (long, bool)[sequences.Count];
        foreach (var message in sequences.Index().Chunk(SequencesPerMessage))
        {
            var rows = await context.QueryAsync(
                Text(message),
                row => (Index: row.GetInt32(0), Position: (row.GetInt64(1), row.GetBoolean(2))),
                cancellationToken).ConfigureAwait(false);
            foreach (var (index, position) in rows)
            {
                positions[index] = position;
            }
        }

        return positions;
    }

    // A sequence that is read is locked until the transaction ends, unless a savepoint ends first: thousands of them would fill the
    // server's table of locks.
    private static string Text(IEnumerable<(int Index, QualifiedName Name)> sequences) =>
        $"SAVEPOINT {Savepoint};" + string.Concat(sequences.Chunk(SequencesPerQuery).Select(Query))
        + $"ROLLBACK TO SAVEPOINT {Savepoint};RELEASE SAVEPOINT {Savepoint}";

    private static string Query((int Index, QualifiedName Name)[] sequences) => string.Join(
        "\nUNION ALL ",
        sequences.Select(sequence => $"SELECT {sequence.Index}, last_value, is_called FROM {sequence.Name.ToSql()}")) + ";";

    /// <summary>Gives a schema that was read before the positions that the connection's transaction sees now.</summary>
    /// <returns>The schema, with the very same entries where no sequence has moved.</returns>
    public static async Task<DatabaseSchema> RenewAsync(CatalogLink connection, DatabaseSchema schema, CancellationToken cancellationToken)
    {
        var sequences = schema.Entries
            .Where(entry => entry.Kind == ObjectKinds.SequenceSet.Name)
            .ToDictionary(entry => entry.Id, entry => new QualifiedName(entry.Schema!, entry.Name));
        var positions = await ReadAsync(ReadContext.Bare(connection), [.. sequences.Values], cancellationToken).ConfigureAwait(false);
        var statements = sequences.Zip(positions, (sequence, position) =>
            (sequence.Key, Text: SequenceScript.SetPosition(sequence.Value, position.Value, position.IsCalled)))
            .ToDictionary(statement => statement.Key, statement => statement.Text);
        return schema.Entries.All(entry => !statements.TryGetValue(entry.Id, out var text) || text == entry.Create)
            ? schema
            : schema with
            {
                Entries = PackedEntries.Of(
                    schema.Entries.Select(entry => statements.TryGetValue(entry.Id, out var text) ? entry with { Create = text } : entry)),
            };
    }
}

using Backup.Core.ObjectStores;
using Npgsql;

namespace Backup.Core.Postgres.StoredObjects;

/// <summary>Some objects of a bucket, one after another.</summary>
/// <param name="Objects">The objects.</param>
/// <param name="IsCut">Whether there were more that would have taken too much memory.</param>
internal sealed record ObjectPage(IReadOnlyList<StoredObject> Objects, bool IsCut)
{
    /// <summary>Reads the rows of <see cref="ObjectQueries.Objects"/> until their texts have so many characters; at least one, if there is any.</summary>
    public static async Task<ObjectPage> ReadAsync(
        NpgsqlDataReader reader, string bucket, int maxCharacters, CancellationToken cancellationToken)
    {
        var objects = new List<StoredObject>();
        long characters = 0;
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (characters >= maxCharacters)
                return new ObjectPage(objects, IsCut: true);

            var item = ObjectRow.ReadObject(reader, bucket);
            objects.Add(item);
            characters += item.Characters;
        }

        return new ObjectPage(objects, IsCut: false);
    }
}

using System.Text.Json.Nodes;

namespace Backup.TestKit.Storage.Protocol;

/// <summary>Deletions of objects, which work for refused names too.</summary>
internal sealed class DeleteCalls(StorageState state)
{
    public async Task DeleteOneAsync(StorageExchange exchange)
    {
        if (exchange.Authorize() != StorageRole.Service)
        {
            throw new RefusedException(StorageError.AccessDenied("Access denied"));
        }

        _ = await state.TakeAsync(exchange.Target.Segment(1), exchange.Target.Rest(2))
            ?? throw new RefusedException(StorageError.NoSuchKey);
        await exchange.SendJsonAsync(new JsonObject { ["message"] = "Successfully deleted" });
    }

    public async Task DeleteManyAsync(StorageExchange exchange)
    {
        var role = exchange.Authorize();
        var body = await exchange.ReadJsonAsync();
        var names = (body["prefixes"] as JsonArray ?? []).Select(name => name!.GetValue<string>()).ToList();
        if (names.Count == 0)
        {
            throw new RefusedException(StorageError.InvalidRequest("body/prefixes must NOT have fewer than 1 items"));
        }

        var deleted = new JsonArray();
        foreach (var name in role == StorageRole.Service ? names : [])
        {
            if (await state.TakeAsync(exchange.Target.Segment(1), name) is { } row)
            {
                deleted.Add(ObjectJson.Deleted(row));
            }
        }

        await exchange.SendJsonAsync(deleted);
    }
}

namespace Backup.Core.Postgres.Server;

/// <summary>A parameter of the server that is set for a role, a database, or a role in a database.</summary>
internal sealed record ServerSetting
{
    /// <summary>The parameter's name, as the catalog has it.</summary>
    public required string Name { get; init; }

    /// <summary>The value, as the catalog has it. It may be a secret: an application may keep its keys in parameters of its own.</summary>
    public required string Value { get; init; }

    /// <summary>Reads an item of a catalog's <c>setconfig</c>: name, equals sign, value.</summary>
    public static ServerSetting Parse(string item)
    {
        var end = item.IndexOf('=', StringComparison.Ordinal);
        return end < 0
            ? new ServerSetting { Name = item, Value = "" }
            : new ServerSetting { Name = item[..end], Value = item[(end + 1)..] };
    }

    /// <summary>The clause of ALTER that sets it: <c>SET search_path TO 'a', 'b'</c>.</summary>
    public string ToSql() => $"SET {SqlText.Identifier(Name)} TO {SettingLists.ToSql(Name, Value)}";
}

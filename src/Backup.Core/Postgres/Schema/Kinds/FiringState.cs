namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>When a trigger, an event trigger or a rule fires: the letters of <c>tgenabled</c>, <c>evtenabled</c> and <c>ev_enabled</c>.</summary>
internal static class FiringState
{
    /// <summary>As it is made: it fires except while a replica applies changes.</summary>
    public const char Origin = 'O';

    /// <summary>The words of ALTER that set a state; <see langword="null"/> for the one that CREATE gives.</summary>
    public static string? Words(char state) => state switch
    {
        'D' => "DISABLE",
        'A' => "ENABLE ALWAYS",
        'R' => "ENABLE REPLICA",
        _ => null,
    };
}

namespace Backup.Core.ObjectStores;

/// <summary>Makes texts from outside fit to stand in a one-line message.</summary>
internal static class MessageText
{
    private const int MaxLength = 300;

    /// <summary>One line of bounded length, without control characters and without a full stop at its end.</summary>
    /// <param name="text">A server's words, an object's name.</param>
    /// <param name="secret">A text that must not show, wherever it comes from; <see langword="null"/> for none.</param>
    public static string OneLine(string text, string? secret = null)
    {
        var line = string.IsNullOrEmpty(secret) ? text : text.Replace(secret, "***", StringComparison.Ordinal);
        if (line.Any(char.IsControl))
        {
            line = string.Concat(line.Select(static character => char.IsControl(character) ? ' ' : character));
        }

        line = line.Trim().TrimEnd('.');
        return line.Length <= MaxLength ? line : line[..(char.IsHighSurrogate(line[MaxLength - 1]) ? MaxLength - 1 : MaxLength)] + "…";
    }
}

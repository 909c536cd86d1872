namespace Backup.Core.Sinks;

/// <summary>The grammar of object names, the same for every sink so that a backup can be copied from one to another.</summary>
/// <remarks>
/// One or more segments joined by <c>/</c>. A segment has 1 to 255 characters of <c>A–Z a–z 0–9 . _ -</c> and does not begin
/// with a dot, so <c>.</c>, <c>..</c> and hidden temporary files are no names.
/// </remarks>
public static class SinkObjectName
{
    /// <summary>The longest segment, in characters: the limit of common file systems.</summary>
    public const int MaxSegmentLength = 255;

    /// <summary>Says whether a name follows the grammar.</summary>
    /// <param name="name">The name; <see langword="null"/> is none.</param>
    /// <returns><see langword="true"/> when it does.</returns>
    public static bool IsValid(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return false;
        }

        foreach (var range in name.AsSpan().Split('/'))
        {
            var segment = name.AsSpan(range);
            if (segment.IsEmpty || segment.Length > MaxSegmentLength || segment[0] == '.')
            {
                return false;
            }

            foreach (var character in segment)
            {
                if (!char.IsAsciiLetterOrDigit(character) && character is not ('.' or '_' or '-'))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Throws unless a name follows the grammar.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">It does not.</exception>
    public static void ThrowIfInvalid(string? name)
    {
        if (!IsValid(name))
        {
            throw new ArgumentException(
                $"'{name}' is no sink object name: segments of 1 to {MaxSegmentLength} ASCII letters, digits, '.', '_' or '-', "
                + "not beginning with a dot, joined by '/'.",
                nameof(name));
        }
    }
}

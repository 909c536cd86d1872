using System.Text;
using Backup.Core.ObjectStores;
using Npgsql;

namespace Backup.Core.Postgres.StoredObjects;

/// <summary>The names that begin with a prefix, as a range in the order of their bytes.</summary>
/// <param name="First">The least of them.</param>
/// <param name="End">The least name above all of them; <see langword="null"/> when there is none.</param>
internal readonly record struct NameRange(string First, string? End)
{
    /// <summary>The range of a prefix; all names for the empty one.</summary>
    public static NameRange Of(string prefix)
    {
        var end = prefix.AsSpan();
        while (!end.IsEmpty)
        {
            Rune.DecodeLastFromUtf16(end, out var last, out var length);
            end = end[..^length];
            if (Next(last) is { } next)
                return new NameRange(prefix, $"{end}{next}");
        }

        return new NameRange(prefix, null);
    }

    /// <summary>The part of it that lies between two names.</summary>
    /// <param name="first">The least name; <see langword="null"/> for no bound.</param>
    /// <param name="end">The name behind the last; <see langword="null"/> for no bound.</param>
    public NameRange Within(string? first, string? end) => new(
        first is not null && Utf8Order.Instance.Compare(first, First) > 0 ? first : First,
        end is not null && (End is null || Utf8Order.Instance.Compare(end, End) < 0) ? end : End);

    /// <summary>Adds the parameters <c>$2</c> and, where there is an end, <c>$3</c>.</summary>
    public void AddTo(NpgsqlBatchCommand command)
    {
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = First });
        if (End is not null)
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = End });
    }

    private static Rune? Next(Rune rune) => rune.Value switch
    {
        0xD7FF => new Rune(0xE000), // surrogates lie between: they are no characters of UTF-8
        0x10FFFF => null,
        _ => new Rune(rune.Value + 1),
    };
}

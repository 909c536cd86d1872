using System.Text;

namespace Backup.Core.Postgres.Wire;

/// <summary>Prepares a password for SCRAM, as the server did when it stored its verifier (RFC 4013, SASLprep).</summary>
internal static class SaslText
{
    /// <summary>The prepared text; text that must not occur is passed on as it is, as libpq does.</summary>
    public static string Prepare(string password)
    {
        if (Ascii.IsValid(password))
            return password;

        var mapped = new StringBuilder(password.Length);
        foreach (var character in password)
        {
            if (IsSpace(character))
                mapped.Append(' ');
            else if (!IsNothing(character))
                mapped.Append(character);
        }

        try
        {
            var text = mapped.ToString().Normalize(NormalizationForm.FormKC);
            return text.Any(char.IsControl) ? password : text;
        }
        catch (Exception e) when (e is ArgumentException or PlatformNotSupportedException)
        {
            return password;
        }
    }

    // RFC 3454, table C.1.2.
    private static bool IsSpace(char character) =>
        character is '\u00A0' or '\u1680' or (>= '\u2000' and <= '\u200B') or '\u202F' or '\u205F' or '\u3000';

    // RFC 3454, table B.1.
    private static bool IsNothing(char character) =>
        character is '\u00AD' or '\u034F' or '\u1806' or (>= '\u180B' and <= '\u180D') or '\u200C' or '\u200D' or '\u2060'
            or (>= '\uFE00' and <= '\uFE0F') or '\uFEFF';
}

namespace Backup.TestKit.Storage.Protocol;

/// <summary>Base64 with the alphabet of URLs; reads the other one too, with padding or without.</summary>
internal static class Base64Url
{
    public static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    /// <exception cref="FormatException">It is no base64.</exception>
    public static byte[] Decode(string text)
    {
        var plain = text.TrimEnd('=').Replace('-', '+').Replace('_', '/');
        return Convert.FromBase64String(plain.PadRight((plain.Length + 3) / 4 * 4, '='));
    }
}

namespace Backup.Core.ObjectStores;

/// <summary>Compares the ETags that stores, listings and proxies give of one version.</summary>
internal static class ETags
{
    private const string WeakMark = "W/";

    /// <summary>An ETag without what says nothing of the version.</summary>
    /// <remarks>Proxies mark one as weak when they would pack the bytes, which they are not asked to; a listing may leave the quotes out.</remarks>
    /// <param name="eTag">The ETag; <see langword="null"/> where there is none.</param>
    public static string? Bare(string? eTag) =>
        (eTag?.StartsWith(WeakMark, StringComparison.Ordinal) == true ? eTag[WeakMark.Length..] : eTag)?.Trim('"');
}

using System.Collections.Frozen;

namespace Backup.Core.Pipeline.Stages.Objects;

/// <summary>Which contents are packed by their own format, so that packing them again only costs time.</summary>
internal static class MediaTypes
{
    // Whole families, but for the formats of them that hold their data as it is.
    private static readonly string[] PackedFamilies = ["image/", "video/", "audio/"];

    private static readonly FrozenSet<string> Plain = Set(
        "image/svg+xml", "image/bmp", "image/x-ms-bmp", "image/tiff", "image/x-icon", "image/vnd.microsoft.icon", "image/vnd.adobe.photoshop",
        "image/x-portable-bitmap", "image/x-portable-graymap", "image/x-portable-pixmap", "image/x-portable-anymap", "image/x-tga",
        "audio/wav", "audio/wave", "audio/x-wav", "audio/vnd.wave", "audio/aiff", "audio/x-aiff", "audio/basic", "audio/midi", "audio/mid",
        "audio/x-midi", "audio/l16", "audio/mpegurl", "audio/x-mpegurl");

    private static readonly FrozenSet<string> Packed = Set(
        "application/zip", "application/x-zip-compressed", "application/gzip", "application/x-gzip", "application/zstd", "application/x-zstd",
        "application/x-bzip2", "application/x-bzip", "application/x-xz", "application/x-lzma", "application/x-lz4", "application/x-brotli",
        "application/x-7z-compressed", "application/vnd.rar", "application/x-rar-compressed", "application/x-compressed-tar",
        "application/java-archive", "application/vnd.android.package-archive", "application/epub+zip", "application/ogg",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.presentation", "application/vnd.apache.parquet", "font/woff", "font/woff2", "application/font-woff");

    // For objects of no type, or of one that says nothing.
    private static readonly FrozenSet<string> PackedExtensions = Set(
        "jpg", "jpeg", "png", "gif", "webp", "avif", "heic", "heif", "jxl", "mp4", "m4v", "mov", "webm", "mkv", "avi", "mpg", "mpeg", "wmv", "3gp",
        "mp3", "m4a", "aac", "ogg", "oga", "ogv", "opus", "flac", "wma", "zip", "gz", "tgz", "zst", "bz2", "tbz2", "xz", "txz", "lz4", "lzma", "br",
        "7z", "rar", "jar", "apk", "aab", "ipa", "epub", "docx", "xlsx", "pptx", "odt", "ods", "odp", "woff", "woff2", "parquet");

    private static readonly FrozenSet<string> Unspecific = Set("application/octet-stream", "binary/octet-stream", "application/x-binary");

    /// <summary>Says whether an object is to be stored as it is.</summary>
    /// <param name="contentType">Its media type, parameters included; <see langword="null"/> where unknown.</param>
    /// <param name="name">Its name, whose extension decides where the type does not.</param>
    public static bool IsPacked(string? contentType, string name)
    {
        var type = TypeOf(contentType);
        if (type.Length == 0 || Unspecific.Contains(type))
        {
            return PackedExtensions.Contains(ExtensionOf(name));
        }

        return Packed.Contains(type)
            || (!Plain.Contains(type) && Array.Exists(PackedFamilies, family => type.StartsWith(family, StringComparison.OrdinalIgnoreCase)));
    }

    private static string TypeOf(string? contentType)
    {
        var parameters = contentType?.IndexOf(';') ?? -1;
        return (parameters < 0 ? contentType : contentType![..parameters])?.Trim() ?? "";
    }

    private static string ExtensionOf(string name)
    {
        var segment = name.AsSpan(name.LastIndexOf('/') + 1);
        var dot = segment.LastIndexOf('.');
        return dot < 0 ? "" : segment[(dot + 1)..].ToString();
    }

    private static FrozenSet<string> Set(params string[] items) => items.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}

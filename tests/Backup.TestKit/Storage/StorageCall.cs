namespace Backup.TestKit.Storage;

/// <summary>Tells requests apart, for faults and for looking through the log. Names are given as they are, not encoded.</summary>
public static class StorageCall
{
    /// <summary>Any request.</summary>
    public static Func<StorageRequest, bool> Any { get; } = static _ => true;

    /// <summary>A page of either listing.</summary>
    public static bool IsListing(StorageRequest request) =>
        request.Method == "POST" && request.Path.StartsWith("/object/list", StringComparison.Ordinal);

    /// <summary>A download of any object.</summary>
    public static bool IsDownload(StorageRequest request) =>
        request.Method == "GET"
        && request.Path.StartsWith("/object/", StringComparison.Ordinal)
        && !request.Path.StartsWith("/object/info/", StringComparison.Ordinal);

    /// <summary>An upload of any object.</summary>
    public static bool IsUpload(StorageRequest request) =>
        request.Method is "POST" or "PUT"
        && request.Path.StartsWith("/object/", StringComparison.Ordinal)
        && !IsListing(request);

    /// <summary>A look-up of any object's properties.</summary>
    public static bool IsInfo(StorageRequest request) =>
        request.Method == "GET" && request.Path.StartsWith("/object/info/", StringComparison.Ordinal);

    /// <summary>A download of one object.</summary>
    public static Func<StorageRequest, bool> Download(string bucket, string name) =>
        request => IsDownload(request) && Names(request, bucket, name);

    /// <summary>An upload of one object.</summary>
    public static Func<StorageRequest, bool> Upload(string bucket, string name) =>
        request => IsUpload(request) && Names(request, bucket, name);

    private static bool Names(StorageRequest request, string bucket, string name) =>
        Uri.UnescapeDataString(request.Path).EndsWith($"/{bucket}/{name}", StringComparison.Ordinal);
}

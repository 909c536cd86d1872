using System.Net.Http.Headers;

namespace Backup.Core.ObjectStores.SupabaseStorage;

/// <summary>One request, which may take several attempts. Used once, by one caller.</summary>
/// <param name="method">The HTTP method.</param>
/// <param name="address">Where to.</param>
/// <param name="action">What is being done, for messages, as in <c>download 'a/b.txt' of bucket 'x'</c>.</param>
/// <param name="subject">The bucket or object.</param>
internal sealed class ApiCall(HttpMethod method, Uri address, string action, string subject)
{
    public HttpMethod Method { get; } = method;

    public Uri Address { get; } = address;

    public string Action { get; } = MessageText.OneLine(action);

    public string Subject { get; } = subject;

    /// <summary>Makes the body anew for each attempt; <see langword="null"/> for none.</summary>
    public Func<HttpContent>? Content { get; init; }

    /// <summary>Adds headers, or <see langword="null"/>.</summary>
    public Action<HttpRequestHeaders>? Prepare { get; init; }

    /// <summary>How many attempts were begun. After more than one, the server may have done what it then refuses to do again.</summary>
    public int Attempts { get; set; }
}

namespace Backup.Core.Archives.Resuming;

/// <summary>The content of one <c>lease-NNNN.json</c>.</summary>
/// <param name="Owner">Who holds the run, for people: host, process and a random number.</param>
/// <param name="Until">Until when it does, unless it says so anew.</param>
internal sealed record LeaseContent(string Owner, DateTimeOffset Until);

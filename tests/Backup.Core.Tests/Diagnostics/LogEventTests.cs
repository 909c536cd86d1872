using System.Reflection;
using System.Text.RegularExpressions;
using Backup.Core.Errors;
using Backup.Core.Tests.Documentation;
using Microsoft.Extensions.Logging;

namespace Backup.Core.Tests.Diagnostics;

/// <summary>People filter and alert by the ids of log events, so each means one thing, for ever, and is documented.</summary>
public sealed partial class LogEventTests
{
    private static readonly (string Name, LoggerMessageAttribute Message)[] Events =
    [
        .. from type in typeof(BackupException).Assembly.GetTypes()
           from method in type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
           let message = method.GetCustomAttribute<LoggerMessageAttribute>()
           where message is not null
           select (method.Name, message),
    ];

    [Fact]
    public void Events_All_HaveAnIdOfTheirOwn()
    {
        Assert.NotEmpty(Events);
        Assert.DoesNotContain(Events, item => item.Message.EventId <= 0);
        Assert.Equal(Events.Length, Events.Select(item => item.Message.EventId).Distinct().Count());
    }

    [Fact]
    public async Task Events_All_AreInTheDocumentedTable()
    {
        var page = await Repository.ReadAsync("docs", "operations.md");

        var documented = Row().Matches(page).Select(row => $"{row.Groups[1]} {row.Groups[2]} {row.Groups[3]}");

        Assert.Equal(
            Events.OrderBy(item => item.Message.EventId).Select(item => $"{item.Message.EventId} {Word(item.Message.Level)} {item.Name}"),
            documented);
    }

    private static string Word(LogLevel level) => level == LogLevel.Information ? "info" : level.ToString().ToLowerInvariant();

    [GeneratedRegex(@"^\| (\d+) \| (\w+) \| `(\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}

using System.Globalization;
using Backup.Cli.Output;
using Spectre.Console;

namespace Backup.Cli.Progress;

/// <summary>Draws bars on a terminal, one for the whole and one per table, and clears them at the end.</summary>
/// <remarks>The library's threads leave the newest snapshot; one loop draws it a few times a second.</remarks>
internal sealed class LiveProgress : ProgressDisplay
{
    private const int MaxItems = 8;
    private const int BarWidth = 28;
    private const int MaxNameWidth = 40;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(150);

    private readonly IAnsiConsole _console;
    private readonly Action _ended;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _drawing;
    private volatile ProgressSnapshot? _latest;

    public LiveProgress(IAnsiConsole console, TimeProvider timeProvider, Action ended)
    {
        _console = console;
        _ended = ended;
        _drawing = DrawAsync(timeProvider);
    }

    /// <inheritdoc/>
    public override void Report(ProgressSnapshot snapshot) => _latest = snapshot;

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _drawing;
        _stop.Dispose();
        _ended();
    }

    private async Task DrawAsync(TimeProvider timeProvider) =>
        await _console.Live(new Text(string.Empty)).AutoClear(true).Overflow(VerticalOverflow.Crop).StartAsync(async display =>
        {
            using var timer = new PeriodicTimer(Interval, timeProvider);
            try
            {
                while (await timer.WaitForNextTickAsync(_stop.Token))
                {
                    if (_latest is { } snapshot)
                    {
                        display.UpdateTarget(Draw(snapshot));
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // The command is over.
            }
        });

    private Grid Draw(ProgressSnapshot snapshot)
    {
        var grid = new Grid { Expand = false };
        grid.AddColumn(new GridColumn { NoWrap = true });
        grid.AddColumn(new GridColumn { NoWrap = true });
        grid.AddColumn(new GridColumn { NoWrap = true });
        grid.AddColumn(new GridColumn());
        grid.AddRow(
            new Text(snapshot.Phase, new Style(decoration: Decoration.Bold)),
            Bar(snapshot.Percent, Color.Green),
            Percent(snapshot.Percent),
            new Text(string.Join(" · ", snapshot.Facts)));
        foreach (var item in snapshot.Items.Take(MaxItems))
        {
            grid.AddRow(
                new Text("  " + Shorten(Words.Name(item.Name))),
                item.Percent is { } percent ? Bar(percent, Color.Blue) : new Text(string.Empty),
                item.Percent is { } shown ? Percent(shown) : new Text(string.Empty),
                new Text(item.Facts));
        }

        return grid;
    }

    private static Text Percent(double percent) => new(string.Create(CultureInfo.InvariantCulture, $"{percent,3:0} %"));

    private Paragraph Bar(double percent, Color color)
    {
        var (full, empty) = _console.Profile.Capabilities.Unicode ? ('━', '─') : ('#', '.');
        var filled = (int)Math.Clamp(percent / 100 * BarWidth, 0, BarWidth);
        return new Paragraph()
            .Append(new string(full, filled), new Style(color))
            .Append(new string(empty, BarWidth - filled), new Style(Color.Grey));
    }

    private static string Shorten(string name) => name.Length <= MaxNameWidth ? name : name[..(MaxNameWidth - 1)] + "…";
}

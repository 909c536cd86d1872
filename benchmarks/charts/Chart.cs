using ScottPlot;

namespace Backup.Core.Charts;

/// <summary>One chart: lines of points with error bars from the least to the most of all rounds, drawn as SVG.</summary>
internal sealed class Chart
{
    private const int Width = 760;
    private const int Height = 440;
    private readonly Plot _plot = new();
    private int _lines;

    /// <summary>Starts a chart whose axes begin at zero.</summary>
    public Chart(string title, string x, string y)
    {
        _plot.Title(title);
        _plot.XLabel(x);
        _plot.YLabel(y);
    }

    /// <summary>Adds a line through points.</summary>
    /// <param name="name">Its name in the legend.</param>
    /// <param name="points">The points, in order.</param>
    public void AddLine(string name, IReadOnlyList<ChartPoint> points)
    {
        var line = _plot.Add.Scatter(points.Select(point => point.X).ToArray(), points.Select(point => point.Y.Median).ToArray());
        line.LegendText = name;

        // By number of lines: each bar takes a colour of the plot's palette as well, which then repeats itself.
        line.Color = _plot.Add.Palette.GetColor(_lines++);
        line.LineWidth = 2;
        line.MarkerSize = 7;
        foreach (var point in points)
        {
            if (point.Y.Least != point.Y.Most)
            {
                var bar = _plot.Add.Line(point.X, point.Y.Least, point.X, point.Y.Most);
                bar.Color = line.Color;
            }

            if (point.Label is { } text)
            {
                var label = _plot.Add.Text(text, point.X, point.Y.Median);
                label.LabelFontColor = line.Color;
                label.OffsetX = 6;
                label.OffsetY = -16;
            }
        }
    }

    /// <summary>Writes the chart.</summary>
    public void Save(string file)
    {
        _plot.ShowLegend(Edge.Bottom);
        _plot.Axes.AutoScale();
        var limits = _plot.Axes.GetLimits();
        _plot.Axes.SetLimits(0, limits.Right, 0, limits.Top * 1.05);
        _plot.SaveSvg(file, Width, Height);
        Console.Out.WriteLine(file);
    }
}

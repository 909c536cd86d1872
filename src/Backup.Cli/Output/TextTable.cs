using System.Text;

namespace Backup.Cli.Output;

/// <summary>Rows in aligned columns, the same on a terminal and in a pipe.</summary>
/// <param name="headers">The headings; one that begins with <c>&gt;</c> is of a column of numbers, aligned to the right.</param>
internal sealed class TextTable(params string[] headers)
{
    private const string Gap = "  ";

    private readonly List<string[]> _rows = [[.. headers.Select(header => header.TrimStart('>'))]];

    /// <summary>Adds a row.</summary>
    public void Add(params string[] cells) => _rows.Add([.. cells.Select(Words.Name)]);

    /// <summary>The lines, the headings first.</summary>
    public IEnumerable<string> Lines()
    {
        var widths = headers.Select((_, column) => _rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in _rows)
        {
            var line = new StringBuilder();
            for (var column = 0; column < row.Length; column++)
            {
                var cell = headers[column][0] == '>' ? row[column].PadLeft(widths[column]) : row[column].PadRight(widths[column]);
                line.Append(column == 0 ? string.Empty : Gap).Append(cell);
            }

            yield return line.ToString().TrimEnd();
        }
    }
}

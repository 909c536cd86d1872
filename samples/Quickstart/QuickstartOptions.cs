using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Quickstart;

/// <summary>What the command line asks for.</summary>
/// <param name="Megabytes">Rows to make, as text.</param>
/// <param name="Folder">Where the backup goes and stays; <c>null</c> is a temporary folder, removed at the end.</param>
internal sealed record QuickstartOptions(int Megabytes, string? Folder)
{
    public const string Usage = "Usage: quickstart [--megabytes N] [--to FOLDER]";
    private const int DefaultMegabytes = 120;

    public static bool TryParse(string[] arguments, [NotNullWhen(true)] out QuickstartOptions? options, out string? problem)
    {
        options = new QuickstartOptions(DefaultMegabytes, Folder: null);
        problem = null;
        for (var at = 0; at < arguments.Length; at += 2)
        {
            var value = at + 1 < arguments.Length ? arguments[at + 1] : null;
            switch (arguments[at])
            {
                case "--megabytes" when int.TryParse(value, CultureInfo.InvariantCulture, out var megabytes) && megabytes > 0:
                    options = options with { Megabytes = megabytes };
                    break;
                case "--to" when value is not null:
                    options = options with { Folder = Path.GetFullPath(value) };
                    break;
                default:
                    problem = $"'{arguments[at]} {value}' is not understood.";
                    options = null;
                    return false;
            }
        }

        return true;
    }
}

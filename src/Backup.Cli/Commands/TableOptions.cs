using System.CommandLine;
using Backup.Core.Postgres;

namespace Backup.Cli.Commands;

/// <summary>The options that choose what of a database is backed up.</summary>
internal sealed class TableOptions
{
    private readonly Option<string[]> _includeSchemas =
        CommonOptions.Patterns("--include-schema", "S", "Back up this schema and no others; * and ? are wildcards. May be repeated.");

    private readonly Option<string[]> _excludeSchemas =
        CommonOptions.Patterns("--exclude-schema", "S", "Leave out this schema. May be repeated.");

    private readonly Option<string[]> _includeTables =
        CommonOptions.Patterns("--include-table", "S.T", "Back up this table and no others. May be repeated.");

    private readonly Option<string[]> _excludeTables =
        CommonOptions.Patterns("--exclude-table", "S.T", "Leave out this table. May be repeated.");

    private readonly Option<DatabasePreset> _preset = CommonOptions.Preset(
        "Leave out what the platform keeps in its schemas (auth, storage, realtime …), but for the rows of users and files and what the project added.");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_includeSchemas);
        command.Add(_excludeSchemas);
        command.Add(_includeTables);
        command.Add(_excludeTables);
        command.Add(_preset);
    }

    /// <summary>Which tables take part.</summary>
    /// <exception cref="UsageException">A pattern is not well formed.</exception>
    public TableSelection Select(ParseResult line) => CommonOptions.Select(
        line.GetRequiredValue(_includeTables),
        line.GetRequiredValue(_excludeTables),
        line.GetRequiredValue(_includeSchemas),
        line.GetRequiredValue(_excludeSchemas)) with { Preset = line.GetValue(_preset) };

    /// <summary>Refuses the options when there is no database: they would have no effect.</summary>
    /// <exception cref="UsageException">One of them is given.</exception>
    public void RefuseWithoutDatabase(ParseResult line) =>
        CommonOptions.RefuseWithoutDatabase(line, _includeSchemas, _excludeSchemas, _includeTables, _excludeTables, _preset);
}

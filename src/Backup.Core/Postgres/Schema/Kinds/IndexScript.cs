using System.Text;

namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Writes the statements around an index: its tablespace, statistics targets, clustering, replica identity.</summary>
internal static class IndexScript
{
    /// <summary>An index that serves no constraint.</summary>
    /// <param name="index">The index.</param>
    /// <param name="relation">The qualified name of its table, as SQL.</param>
    public static string Create(IndexDefinition index, string relation) =>
        InTablespace(index, $"{index.Definition};\n") + Settings(index, relation);

    /// <summary>The statement, run with the index's tablespace as the default.</summary>
    public static string InTablespace(IndexDefinition index, string statement) => index.Tablespace is null
        ? statement
        : $"SET default_tablespace = {SqlText.Identifier(index.Tablespace)};\n{statement}SET default_tablespace = '';\n";

    /// <summary>What can only be said once the index exists.</summary>
    public static string Settings(IndexDefinition index, string relation)
    {
        var script = new StringBuilder();
        foreach (var (column, target) in index.StatisticsColumns.Zip(index.StatisticsTargets))
        {
            script.Append($"ALTER INDEX {index.Name.ToSql()} ALTER COLUMN {column} SET STATISTICS {target};\n");
        }

        if (index.IsClustered)
        {
            script.Append($"ALTER TABLE {relation} CLUSTER ON {SqlText.Identifier(index.Name.Name)};\n");
        }

        if (index.IsReplicaIdentity)
        {
            script.Append($"ALTER TABLE ONLY {relation} REPLICA IDENTITY USING INDEX {SqlText.Identifier(index.Name.Name)};\n");
        }

        return script.ToString();
    }
}

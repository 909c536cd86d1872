using Backup.Core.Postgres.Schema;

namespace Backup.Core.Tests.Restore;

/// <summary>Writes tables of contents in few words.</summary>
internal static class Toc
{
    public static TocEntry Entry(int id, string kind, string name, string? table = null, params int[] needs) => new()
    {
        Id = id,
        Kind = kind,
        Section = kind switch
        {
            "TABLE DATA" or "SEQUENCE SET" => TocSection.Data,
            "SCHEMA" or "TYPE" or "SEQUENCE" or "TABLE" or "DEFAULT" or "VIEW" or "TABLE ATTACH" or "FUNCTION" => TocSection.PreData,
            _ => TocSection.PostData,
        },
        Schema = kind == "SCHEMA" ? null : "public",
        Name = name,
        Table = table,
        Create = $"CREATE {kind} {name};\n",
        Drop = $"DROP {kind} IF EXISTS {name};\n",
        DependsOn = needs,
    };
}

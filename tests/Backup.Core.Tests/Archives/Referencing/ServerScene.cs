using System.Text;
using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Referencing;
using Backup.Core.Compression;
using Backup.Core.Sinks;
using Backup.TestKit.Archives;

namespace Backup.Core.Tests.Archives.Referencing;

/// <summary>
/// A database with large objects, a partition that is loaded by way of its partitioned table, roles, settings, and an object that no backup can
/// hold: a full backup and an incremental one for which a large object has grown.
/// </summary>
internal static class ServerScene
{
    public static readonly BackupId Full = new("20261124T031500Z-0001");
    public static readonly BackupId Incremental = new("20261125T031500Z-0002");

    private const string List = "database/data/pg_catalog.pg_largeobject_metadata/";
    private const string Contents = "database/data/pg_catalog.pg_largeobject/";
    private const string Partition = "database/data/public.mood_0/";

    private const string Toc =
        """
        {
          "version": 1,
          "entries": [
            {
              "id": 1,
              "section": "pre-data",
              "kind": "VIEW",
              "schema": "public",
              "name": "recent",
              "table": "recent",
              "create": "CREATE VIEW public.recent WITH (security_invoker=true) AS SELECT 1;\n",
              "owner": "app",
              "setOwner": "ALTER VIEW public.recent OWNER TO app;\n",
              "roles": [
                "app"
              ],
              "drop": "DROP VIEW IF EXISTS public.recent;\n",
              "dependsOn": [],
              "requires": [
                {
                  "what": "this",
                  "since": 15
                },
                {
                  "what": "that",
                  "before": 18
                }
              ],
              "variants": [
                {
                  "before": 15,
                  "create": "CREATE VIEW public.recent AS SELECT 1;\n",
                  "note": "The view runs with the rights of its owner."
                }
              ]
            }
          ],
          "unsupported": [
            {
              "name": "subscription nightly",
              "reason": "The role may not read it."
            }
          ]
        }
        """;

    private const string Settings =
        """
        {
          "version": 1,
          "name": "shop",
          "owner": "app",
          "comment": "Läden",
          "isTemplate": false,
          "connectionLimit": 7,
          "privileges": [
            "app=CTc/app",
            "reader=c*/app"
          ],
          "defaultPrivileges": [
            "=Tc/app",
            "app=CTc/app"
          ],
          "labels": [],
          "settings": [
            {
              "name": "work_mem",
              "value": "5MB"
            }
          ],
          "roleSettings": [
            {
              "role": "reader",
              "setting": {
                "name": "search_path",
                "value": "\"$user\", public"
              }
            }
          ],
          "locale": {
            "encoding": "UTF8",
            "collate": "C",
            "ctype": "C",
            "provider": "libc"
          }
        }
        """;

    private const string Roles =
        """
        {
          "version": 1,
          "roles": [
            {
              "name": "app",
              "superuser": false,
              "inherit": true,
              "createRole": true,
              "createDatabase": false,
              "login": true,
              "replication": false,
              "bypassRowSecurity": false,
              "connectionLimit": -1,
              "validUntil": "2030-01-01 00:00:00+00",
              "settings": [],
              "labels": []
            },
            {
              "name": "reader",
              "superuser": false,
              "inherit": false,
              "createRole": false,
              "createDatabase": false,
              "login": false,
              "replication": false,
              "bypassRowSecurity": false,
              "connectionLimit": 3,
              "settings": [],
              "labels": []
            }
          ],
          "memberships": [
            {
              "role": "reader",
              "member": "app",
              "admin": true,
              "inherit": false,
              "set": true
            }
          ],
          "parameters": [
            {
              "parameter": "log_statement",
              "privilege": "app=s/postgres"
            }
          ]
        }
        """;

    // Of the first object the owner, privileges and a comment are given; the second one has bytes only, the third one none.
    private const string ListPage =
        "200\tapp\t{app,reader}\tREVOKE ALL ON LARGE OBJECT 200 FROM app;\\nGRANT SELECT ON LARGE OBJECT 200 TO reader;\t"
        + "COMMENT ON LARGE OBJECT 200 IS 'a\\\\tb';\n300\tapp\t\\N\t\\N\t\\N\n4000000000\tapp\t\\N\t\\N\t\\N\n";

    /// <summary>Writes both backups.</summary>
    public static async Task WriteAsync(IBackupSink sink)
    {
        await WriteAsync(sink, Full, new ZstandardCompressor(), null);
        await WriteAsync(sink, Incremental, new DeflateCompressor(), await ArchiveReader.OpenAsync(sink, Full, CancellationToken.None));
    }

    /// <summary>What all entries of a backup hold, by their paths.</summary>
    public static IReadOnlyDictionary<string, string> ContentOf(BackupId id) => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [EntryPaths.RestoreGuide] = "# Golden\n",
        [EntryPaths.Settings] = Settings,
        [EntryPaths.SettingsScript] = "-- golden settings\n",
        [EntryPaths.Roles] = Roles,
        [EntryPaths.RolesScript] = "-- golden roles\n",
        [EntryPaths.Toc] = Toc,
        [EntryPaths.PreData] = "-- golden\n",
        [EntryPaths.PostData] = "-- golden\n",
        [EntryPaths.Page(Partition, 1)] = "fine\nbad\n",
        [EntryPaths.Page(List, 1)] = ListPage,
        [EntryPaths.Page(Contents, 1)] = "200\t0\t\\\\x00ff5c0a09\n",
        [EntryPaths.Page(Contents, 2)] = id == Full ? "300\t2048\t\\\\x656e64\n" : "300\t2048\t\\\\x656e64\n300\t131072\t\\\\x00\n",
        [EntryPaths.LoadData] = "-- golden\n",
    };

    private static async Task WriteAsync(IBackupSink sink, BackupId id, ICompressor compressor, ArchiveReader? parent)
    {
        var options = new ArchiveWriterOptions { MaxEntriesPerVolume = 5 };
        await using var writer = new ArchiveWriter(
            sink, id, parent is null ? options : options with { Referable = ReferableBackups.Of(parent.Manifest) });
        foreach (var (path, text) in ContentOf(id))
        {
            var raw = Encoding.UTF8.GetBytes(text);
            var before = parent is null || IsAlwaysOwn(path) ? null : await parent.FindAsync(path, CancellationToken.None);
            if (before is not null && before.Digest == ContentHash.Compute(raw))
            {
                await writer.AddReferenceAsync(IncrementalScene.ReferenceTo(before, parent!.Manifest.Id, path), CancellationToken.None);
            }
            else
            {
                await writer.AppendAsync(path, raw, compressor);
            }
        }

        await writer.CommitAsync(ManifestOf(id, await writer.CompleteAsync(CancellationToken.None), parent?.Manifest), CancellationToken.None);
    }

    private static bool IsAlwaysOwn(string path) => path is EntryPaths.RestoreGuide or EntryPaths.LoadData or EntryPaths.Toc
        or EntryPaths.Settings or EntryPaths.SettingsScript or EntryPaths.Roles or EntryPaths.RolesScript;

    private static BackupManifest ManifestOf(BackupId id, ArchiveContents contents, BackupManifest? parent)
    {
        var texts = ContentOf(id);
        TableRecord[] tables =
        [
            TableOf(texts, "pg_catalog", "pg_largeobject", Contents, ["oid", "offset", "data"]),
            TableOf(texts, "pg_catalog", "pg_largeobject_metadata", List, ["oid", "owner", "roles", "privileges", "comments"]),
            TableOf(texts, "public", "mood_0", Partition, ["mood"]) with { LoadInto = new TableName { Schema = "public", Name = "mood" } },
        ];
        return IncrementalScene.ManifestOf(contents, id, parent) with
        {
            StartedAt = id.StartedAt,
            FinishedAt = id.StartedAt.AddMinutes(1),
            Database = new DatabaseSection
            {
                Name = "shop",
                ServerVersion = "17.6",
                ServerVersionNumber = 170006,
                Encoding = "UTF8",
                SnapshotAt = id.StartedAt,
                Roles = 2,
                Unsupported = [new UnsupportedRecord("subscription nightly", "The role may not read it.")],
                Preset = "supabase",
                Tables = tables,
            },
            Totals = contents.ToTotals(tables.Sum(table => table.Rows), objects: 0),
        };
    }

    private static TableRecord TableOf(
        IReadOnlyDictionary<string, string> texts, string schema, string name, string folder, string[] columns)
    {
        var pages = texts.Where(entry => entry.Key.StartsWith(folder, StringComparison.Ordinal)).Select(entry => entry.Value).ToList();
        return new TableRecord
        {
            Schema = schema,
            Name = name,
            Path = folder,
            Columns = columns,
            Pages = pages.Count,
            Rows = pages.Sum(page => page.Count(character => character == '\n')),
            RawBytes = pages.Sum(Encoding.UTF8.GetByteCount),
            PageBlocks = 32,
        };
    }
}

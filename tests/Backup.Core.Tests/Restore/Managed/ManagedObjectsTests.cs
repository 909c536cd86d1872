using Backup.Core.Postgres;
using Backup.Core.Postgres.Presets;
using Backup.Core.Postgres.Schema;
using Backup.Core.Restore;
using Backup.Core.Restore.Managed;

namespace Backup.Core.Tests.Restore.Managed;

/// <summary>A backup that was made of a project without the preset, so that it holds all of the platform's objects as well.</summary>
public sealed class ManagedObjectsTests
{
    private static readonly TocEntry[] Entries =
    [
        Of(1, "SCHEMA", "auth", null, "supabase_admin"),
        Of(2, "EXTENSION", "pgcrypto", null),
        Of(3, "FUNCTION", "uid()", "auth", "supabase_auth_admin", null, 1),
        Of(4, "FUNCTION", "mine()", "auth", "postgres", null, 1),
        Of(5, "FUNCTION", "greet()", "public", "postgres"),
        Of(6, "TABLE", "users", "auth", "supabase_auth_admin", "users", 1),
        Of(7, "TABLE", "profile", "public", "postgres", "profile"),
        Of(8, "COMMENT", "pgcrypto", null, null, null, 2),
        Of(9, "SEQUENCE SET", "users_seq", "auth"),
        Of(10, "CONSTRAINT", "users_pkey", "auth", null, "users", 6),
        Of(11, "TRIGGER", "platforms", "auth", null, "users", 3, 6),
        Of(12, "TRIGGER", "greet", "auth", null, "users", 5, 6),
        Of(13, "POLICY", "own", "auth", null, "users", 6),
        Of(14, "COMMENT", "own", "auth", null, "users", 13),
        Of(15, "ROW SECURITY", "users", "auth", null, "users", 6),
        Of(16, "FK CONSTRAINT", "profile_user", "public", null, "profile", 7, 10),
        Of(17, "PUBLICATION", "supabase_realtime", null, "postgres"),
        Of(18, "PUBLICATION TABLE", "supabase_realtime profile", "public", null, "profile", 7, 17),
        Of(19, "PUBLICATION", "supabase_realtime_messages_publication", null, "supabase_admin"),
        Of(20, "ACL", "auth", null, null, null, 1),
        Of(21, "ACL", "profile", "public", null, "profile", 7),
        Of(22, "DEFAULT ACL", "of the platform", "public") with { Roles = ["supabase_admin", "anon"] },
        Of(23, "DEFAULT ACL", "of the project", "public") with { Roles = ["postgres", "anon"] },
        Of(24, "EVENT TRIGGER", "pgrst_ddl_watch", null, "supabase_admin"),
        Of(25, "EVENT TRIGGER", "mine", null, "postgres", null, 5),
        Of(26, "EVENT TRIGGER", "of an older project", null, "postgres", null, 3),
    ];

    [Fact]
    public void Choose_ProjectWithTheSchema_MakesWhatTheSourceProjectAdded()
    {
        var set = Choose(new RestoreRequest(), existing: [1, 3, 6, 9, 17]);

        Assert.Equal([2, 4, 5, 7, 9, 12, 13, 14, 16, 18, 21, 23, 25], set.Objects.Select(entry => entry.Id).Order());
        Assert.Equal([("SCHEMA", "auth")], set.LeftOut.Select(item => (item.Kind, item.Name)));
    }

    [Fact]
    public void Choose_ProjectsOwnObjectsAreThere_LeavesThem()
    {
        var set = Choose(new RestoreRequest(), existing: [1, 3, 4, 6, 17], ("POLICY", "own"), ("TRIGGER", "greet"));

        Assert.Equal([2, 5, 7, 16, 18, 21, 23, 25], set.Objects.Select(entry => entry.Id).Order());
    }

    [Fact]
    public void Choose_CleanRestore_ReplacesThemAndKeepsTheRealtimePublication()
    {
        var set = Choose(new RestoreRequest { Clean = true }, existing: [1, 3, 4, 6, 17], ("POLICY", "own"), ("TRIGGER", "greet"));

        Assert.Equal([2, 4, 5, 7, 12, 13, 14, 16, 18, 21, 23, 25], set.Objects.Select(entry => entry.Id).Order());
    }

    [Fact]
    public void Choose_TargetIsNoProject_MakesTheSchemasToo()
    {
        var set = Choose(new RestoreRequest(), existing: [], schemas: ["public"], extensions: ["pgcrypto"], isSuperuser: true);

        Assert.Equal(Entries.Select(entry => entry.Id).Except([19, 22, 24]), set.Objects.Select(entry => entry.Id).Order());
        Assert.Empty(set.LeftOut);
    }

    [Fact]
    public void Choose_ExtensionThatTheServerDoesNotOffer_IsLeftOutAndNamed()
    {
        var set = Choose(new RestoreRequest(), existing: [1], ["auth", "public"], extensions: [], isSuperuser: false);

        Assert.DoesNotContain(set.PreData, entry => entry.Kind == "EXTENSION");
        Assert.Contains(set.LeftOut, item => item is { Kind: "EXTENSION", Name: "pgcrypto" });
    }

    private static RestoreSet Choose(RestoreRequest request, int[] existing, params (string Kind, string Name)[] attachments) =>
        Choose(request, existing, ["auth", "public"], ["pgcrypto"], isSuperuser: false, attachments);

    private static RestoreSet Choose(
        RestoreRequest request, int[] existing, string[] schemas, string[] extensions, bool isSuperuser, params (string Kind, string Name)[] attachments)
    {
        var project = new SupabaseProject
        {
            IsSuperuser = isSuperuser,
            Schemas = schemas.ToHashSet(),
            Roles = new HashSet<string> { "postgres", "anon", "supabase_admin" },
            OwnRoles = new HashSet<string> { "postgres" },
            Attachments = attachments.Select(item => (item.Kind, new QualifiedName("auth", "users"), item.Name)).ToHashSet(),
            Publications = schemas.Contains("auth") ? new Dictionary<string, bool> { ["supabase_realtime"] = false } : [],
            Extensions = extensions.ToHashSet(),
            PublishedTables = new HashSet<(string, QualifiedName)> { ("supabase_realtime", new QualifiedName("public", "profile")) },
        };
        var set = RestoreSelector.Select(new DatabaseSchema(Entries), [], request);
        return new ManagedObjects(set, request, project, existing.ToHashSet()).Choose();
    }

    private static TocEntry Of(int id, string kind, string name, string? schema, string? owner = null, string? table = null, params int[] needs) =>
        Toc.Entry(id, kind, name, table, needs) with
        {
            Schema = schema,
            Owner = owner,
            SetOwner = owner is null ? null : $"ALTER {kind} {name} OWNER TO {owner};\n",
            Section = kind is "EXTENSION" || id == 8 ? TocSection.PreData : Toc.Entry(id, kind, name).Section,
        };
}

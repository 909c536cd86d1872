using Backup.TestKit.PostgreSql;
using Npgsql;

namespace Backup.Core.IntegrationTests.LargeObjects;

/// <summary>What a database holds of large objects, as text to compare.</summary>
internal static class LargeObjectState
{
    /// <summary>A role that can log in, has no rights of its own, and has the password <c>plain</c>.</summary>
    public const string Reader = "lob_backup";

    private const string RolesScript =
        """
        DO $$ BEGIN
            CREATE ROLE lob_owner; CREATE ROLE "lob Reader's"; CREATE ROLE lob_group; CREATE ROLE lob_backup LOGIN PASSWORD 'plain';
        EXCEPTION WHEN duplicate_object THEN NULL; END $$;
        """;

    /// <summary>Objects of every shape: empty, of one page, of several, with holes, that end in zeros, with rights that were granted on and revoked.</summary>
    private const string CreateScript =
        """
        SELECT lo_create(100), lo_from_bytea(200, decode(repeat('00ff105c0a09', 50000), 'hex')), lo_create(300), lo_from_bytea(400, '\x00'),
               lo_from_bytea(4000000000, decode(repeat('00', 5000), 'hex')), lo_create(500);
        SELECT lo_put(300, 3000000, 'the end');
        SELECT lo_put(500, 2040, 'over the edge of a page');
        ALTER LARGE OBJECT 200 OWNER TO lob_owner;
        GRANT SELECT ON LARGE OBJECT 200 TO PUBLIC;
        GRANT UPDATE ON LARGE OBJECT 200 TO "lob Reader's" WITH GRANT OPTION;
        SET SESSION AUTHORIZATION "lob Reader's";
        GRANT UPDATE ON LARGE OBJECT 200 TO lob_group;
        RESET SESSION AUTHORIZATION;
        ALTER LARGE OBJECT 300 OWNER TO "lob Reader's";
        REVOKE UPDATE ON LARGE OBJECT 300 FROM "lob Reader's";
        ALTER LARGE OBJECT 500 OWNER TO lob_owner;
        REVOKE ALL ON LARGE OBJECT 500 FROM lob_owner;
        COMMENT ON LARGE OBJECT 300 IS E'it''s \\N; a\nline \u2603';
        """;

    /// <summary>
    /// Makes objects of 4096 bytes whose end the server keeps as a page without bytes: behind nothing, behind a hole, behind a page that is not
    /// full, behind another such page, and behind a full one; and one that is written into behind it.
    /// </summary>
    public const string Lengthen =
        """
        SELECT lo_create(610), lo_from_bytea(620, 'abc'), lo_from_bytea(630, decode(repeat('61', 2050), 'hex')), lo_create(640),
               lo_from_bytea(650, decode(repeat('61', 5000), 'hex')), lo_from_bytea(660, 'abc'), lo_from_bytea(670, 'abc');
        SELECT lo_truncate(lo_open(640, 131072), 2048), lo_truncate(lo_open(670, 131072), 0);
        SELECT lo_truncate(lo_open(oid, 131072), 4096) FROM unnest('{610,620,630,640,650,660}'::oid[]) oid;
        SELECT lo_put(660, 10000, 'further');
        """;

    private const string Query =
        """
        SELECT pg_catalog.concat_ws('|', oid, pg_get_userbyid(lomowner), lomacl::text, length(lo_get(oid)), md5(lo_get(oid)),
                                    obj_description(oid, 'pg_largeobject'))
        FROM pg_largeobject_metadata ORDER BY oid
        """;

    /// <summary>Makes the roles, where they are not there, and the objects.</summary>
    public static Task CreateAsync(string database) => ExecuteAsync(database, RolesScript + CreateScript);

    /// <summary>The same database for <see cref="Reader"/>.</summary>
    public static string AsReader(string database) =>
        new NpgsqlConnectionStringBuilder(database) { Username = Reader, Password = "plain" }.ConnectionString;

    /// <summary>Runs statements.</summary>
    public static async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = await PostgresFixture.OpenAsync(database);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Reads the state: a line for each object.</summary>
    public static async Task<List<string>> ReadAsync(string database)
    {
        await using var connection = await PostgresFixture.OpenAsync(database);
        await using var command = new NpgsqlCommand(Query, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
        {
            lines.Add(reader.GetString(0));
        }

        return lines;
    }
}

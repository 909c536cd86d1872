using Npgsql;

namespace Backup.TestKit.Storage.Mirror;

/// <summary>The part of the Storage server's own schema that a backup reads: <c>storage.buckets</c> and <c>storage.objects</c>.</summary>
/// <remarks>Columns, types and indexes are those of a server at migration 63, and so are row security and the guard against deletions.</remarks>
public static class StorageTables
{
    private const string Script =
        """
        CREATE SCHEMA IF NOT EXISTS storage;
        CREATE TYPE storage.buckettype AS ENUM ('STANDARD', 'ANALYTICS', 'VECTOR');
        CREATE TABLE storage.buckets (
            id text PRIMARY KEY,
            name text NOT NULL,
            owner uuid,
            created_at timestamptz DEFAULT now(),
            updated_at timestamptz DEFAULT now(),
            public boolean DEFAULT false,
            avif_autodetection boolean DEFAULT false,
            file_size_limit bigint,
            allowed_mime_types text[],
            owner_id text,
            type storage.buckettype NOT NULL DEFAULT 'STANDARD',
            versioning_status text NOT NULL DEFAULT 'DISABLED'
        );
        CREATE UNIQUE INDEX bname ON storage.buckets (name);
        CREATE TABLE storage.objects (
            id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
            bucket_id text REFERENCES storage.buckets (id),
            name text,
            owner uuid,
            created_at timestamptz DEFAULT now(),
            updated_at timestamptz DEFAULT now(),
            last_accessed_at timestamptz DEFAULT now(),
            metadata jsonb,
            path_tokens text[] GENERATED ALWAYS AS (string_to_array(name, '/')) STORED,
            version text,
            owner_id text,
            user_metadata jsonb,
            archived_at timestamptz,
            is_delete_marker boolean NOT NULL DEFAULT false,
            is_versioned boolean NOT NULL DEFAULT false
        );
        CREATE UNIQUE INDEX bucketid_objname ON storage.objects (bucket_id, name);
        CREATE INDEX idx_objects_bucket_id_name ON storage.objects (bucket_id, name COLLATE "C");
        ALTER TABLE storage.buckets ENABLE ROW LEVEL SECURITY;
        ALTER TABLE storage.objects ENABLE ROW LEVEL SECURITY;
        CREATE FUNCTION storage.touch_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.updated_at := now();
            RETURN NEW;
        END $$;
        CREATE TRIGGER update_objects_updated_at BEFORE UPDATE ON storage.objects
            FOR EACH ROW EXECUTE FUNCTION storage.touch_updated_at();
        CREATE FUNCTION storage.protect_delete() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF coalesce(current_setting('storage.allow_delete_query', true), 'false') <> 'true' THEN
                RAISE EXCEPTION 'Rows of storage tables are deleted through the API.'
                    USING ERRCODE = '42501';
            END IF;
            RETURN NULL;
        END $$;
        CREATE TRIGGER protect_buckets_delete BEFORE DELETE ON storage.buckets
            FOR EACH STATEMENT EXECUTE FUNCTION storage.protect_delete();
        CREATE TRIGGER protect_objects_delete BEFORE DELETE ON storage.objects
            FOR EACH STATEMENT EXECUTE FUNCTION storage.protect_delete();
        """;

    /// <summary>Creates the tables, which must not be there yet.</summary>
    /// <param name="connection">An open connection of a role that owns the database or is a superuser.</param>
    public static async Task CreateAsync(NpgsqlConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        await using var command = new NpgsqlCommand(Script, connection);
        await command.ExecuteNonQueryAsync();
    }
}

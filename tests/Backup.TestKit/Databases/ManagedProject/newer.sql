-- What a newer version of the platform has on top.
ALTER TABLE auth.users ADD COLUMN is_anonymous boolean NOT NULL DEFAULT false, ADD COLUMN banned_until timestamptz;
CREATE TABLE auth.oauth_clients (id uuid PRIMARY KEY, secret text);
ALTER TABLE auth.oauth_clients OWNER TO supabase_auth_admin;
GRANT ALL ON auth.oauth_clients TO postgres;
ALTER TABLE storage.objects ADD COLUMN user_metadata jsonb, ADD COLUMN archived_at timestamptz;

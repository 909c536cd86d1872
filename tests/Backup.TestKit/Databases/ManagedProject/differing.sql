-- What only the target's version of the platform has.
ALTER TABLE auth.users ADD COLUMN tier text NOT NULL DEFAULT 'free';
CREATE TABLE auth.sessions (id uuid PRIMARY KEY, user_id uuid REFERENCES auth.users (id));
ALTER TABLE auth.sessions OWNER TO supabase_auth_admin;

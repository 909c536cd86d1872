-- What the project's owner made. Run as postgres.
CREATE TYPE public.mood AS ENUM ('low', 'high');
CREATE TABLE public.profiles (
    id uuid PRIMARY KEY REFERENCES auth.users (id) ON DELETE CASCADE, name text, mood public.mood, avatar uuid REFERENCES storage.objects (id));
ALTER TABLE public.profiles ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own profile" ON public.profiles FOR SELECT TO authenticated USING ((SELECT auth.uid()) = id);
CREATE TABLE public.audit (id bigserial PRIMARY KEY, what text);
CREATE TABLE public.hidden (secret text);
REVOKE ALL ON public.hidden FROM anon, authenticated;
CREATE VIEW public.members AS SELECT id, email FROM auth.users;
REVOKE ALL ON public.members FROM anon;
CREATE FUNCTION public.handle_new_user() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
    AS $$ BEGIN INSERT INTO public.profiles (id, name) VALUES (new.id, new.email); RETURN new; END $$;
REVOKE ALL ON FUNCTION public.handle_new_user() FROM PUBLIC, anon, authenticated;
CREATE TRIGGER on_auth_user_created AFTER INSERT ON auth.users FOR EACH ROW EXECUTE FUNCTION public.handle_new_user();
CREATE FUNCTION storage.may_read(name text) RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT name LIKE 'shared/%' $$;
CREATE FUNCTION public.note_upload() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN INSERT INTO public.audit (what) VALUES (new.name); RETURN new; END $$;
CREATE TRIGGER note_upload AFTER INSERT ON storage.objects FOR EACH ROW EXECUTE FUNCTION public.note_upload();
CREATE POLICY "read shared" ON storage.objects FOR SELECT TO anon USING (storage.may_read(name));
COMMENT ON POLICY "read shared" ON storage.objects IS 'What is shared';
CREATE POLICY "listen" ON realtime.messages FOR SELECT TO authenticated USING (topic = 'all');
ALTER PUBLICATION supabase_realtime ADD TABLE public.profiles;
CREATE TABLE realtime.notes (id int PRIMARY KEY, note text);
CREATE SCHEMA supabase_migrations;
CREATE TABLE supabase_migrations.schema_migrations (version text PRIMARY KEY);

INSERT INTO supabase_migrations.schema_migrations VALUES ('1');
INSERT INTO auth.users (id, email, email_confirmed_at, raw_user_meta_data, is_anonymous, created_at)
    SELECT ('00000000-0000-0000-0000-' || lpad(n::text, 12, '0'))::uuid, E'user\t' || n || E'@example.com\\\n', now(),
        jsonb_build_object('n', n, 'text', E'a\tb\nc\\d'), n % 2 = 0, '2026-01-01'
    FROM generate_series(1, 3000) n;
INSERT INTO auth.identities SELECT gen_random_uuid(), id, 'email' FROM auth.users WHERE email LIKE '%1@%';
INSERT INTO auth.refresh_tokens (token, user_id) SELECT 't' || n, n::text FROM generate_series(1, 7) n;
INSERT INTO auth.oauth_clients VALUES (gen_random_uuid(), 'x');
INSERT INTO storage.buckets VALUES ('files', 'files', NULL, true, '2026-01-01');
INSERT INTO storage.objects (id, bucket_id, name, metadata, user_metadata)
    VALUES ('00000000-0000-0000-0001-000000000000', 'files', 'shared/one.txt', '{"size": 3}', '{"a": 1}');
UPDATE public.profiles SET avatar = '00000000-0000-0000-0001-000000000000', mood = 'high' WHERE name LIKE '%7@%';
INSERT INTO realtime.messages VALUES (gen_random_uuid(), 'all', '{}');
INSERT INTO realtime.notes VALUES (1, 'mine');
INSERT INTO public.hidden VALUES ('s');

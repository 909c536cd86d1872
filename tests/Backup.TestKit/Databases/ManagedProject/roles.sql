-- The roles of a hosted project. Run once for each server, as a superuser that is not called postgres.
ALTER ROLE postgres RENAME TO bootstrap;
CREATE ROLE postgres LOGIN CREATEDB CREATEROLE REPLICATION BYPASSRLS;
CREATE ROLE anon NOLOGIN NOINHERIT;
CREATE ROLE authenticated NOLOGIN NOINHERIT;
CREATE ROLE service_role NOLOGIN NOINHERIT BYPASSRLS;
CREATE ROLE authenticator LOGIN NOINHERIT;
CREATE ROLE dashboard_user NOLOGIN CREATEROLE CREATEDB;
CREATE ROLE supabase_auth_admin LOGIN NOINHERIT CREATEROLE;
CREATE ROLE supabase_storage_admin LOGIN NOINHERIT CREATEROLE;
CREATE ROLE supabase_realtime_admin NOLOGIN NOINHERIT;
GRANT anon, authenticated, service_role TO authenticator;
-- A hosted project lets its owner make policies and triggers on some tables of these two.
GRANT anon, authenticated, service_role, authenticator, supabase_auth_admin, supabase_storage_admin TO postgres;
GRANT SET ON PARAMETER session_replication_role TO postgres;

using Backup.Core.Postgres;
using Backup.Core.Postgres.Presets;

namespace Backup.Core.Tests.Postgres.Presets;

public sealed class SupabaseNamesTests
{
    [Theory]
    [InlineData("public", "users", "postgres", true)]
    [InlineData("auth", "users", "supabase_auth_admin", true)]
    [InlineData("auth", "schema_migrations", "supabase_auth_admin", false)]
    [InlineData("storage", "migrations", "supabase_storage_admin", false)]
    [InlineData("storage", "vector_indexes", "supabase_storage_admin", false)]
    [InlineData("vault", "secrets", "supabase_admin", false)]
    [InlineData("realtime", "messages", "supabase_realtime_admin", false)]
    [InlineData("realtime", "notes", "postgres", true)]
    [InlineData("supabase_migrations", "schema_migrations", "postgres", false)]
    [InlineData("_timescaledb_internal", "_hyper_1", "postgres", false)]
    [InlineData("cron", "job", "supabase_admin", true)]
    public void HasProjectRows_Table_FollowsTheListsAndTheOwner(string schema, string table, string owner, bool expected) =>
        Assert.Equal(expected, SupabaseNames.HasProjectRows(new QualifiedName(schema, table), owner));

    [Theory]
    [InlineData("storage", "may_read(text)", "postgres", true)]
    [InlineData("storage", "may_read(text)", "app_owner", true)]
    [InlineData("storage", "foldername(text)", "supabase_storage_admin", false)]
    [InlineData("auth", "uid()", "postgres", false)]
    [InlineData("vault", "mine()", "postgres", false)]
    [InlineData("auth", "users_email_key", null, false)]
    public void IsMadeByProject_ObjectOfAManagedSchema_IsToldByItsOwner(string schema, string name, string? owner, bool expected) =>
        Assert.Equal(expected, SupabaseNames.IsMadeByProject(schema, name, owner));

    [Theory]
    [InlineData("anon", true)]
    [InlineData("supabase_etl_admin", true)]
    [InlineData("cli_login_postgres", true)]
    [InlineData("postgres", true)]
    [InlineData("app_owner", false)]
    public void IsReservedRole_Role_IsOneOfThePlatforms(string role, bool expected) => Assert.Equal(expected, SupabaseNames.IsReservedRole(role));
}

namespace Backup.Core.Postgres.Wire;

/// <summary>The server asks for a way to authenticate that is left to Npgsql.</summary>
internal sealed class UncoveredAuthenticationException(string message) : IOException(message);

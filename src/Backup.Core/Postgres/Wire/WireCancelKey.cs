using System.Net;

namespace Backup.Core.Postgres.Wire;

/// <summary>What a request to stop is addressed to.</summary>
/// <param name="EndPoint">The address that the connection leads to.</param>
/// <param name="IsEncrypted">Whether it uses TLS; the request then does too.</param>
/// <param name="ProcessId">The server's process; 0 when it did not tell.</param>
/// <param name="SecretKey">What shows that the request comes from the same client.</param>
internal sealed record WireCancelKey(EndPoint EndPoint, bool IsEncrypted, int ProcessId, int SecretKey);

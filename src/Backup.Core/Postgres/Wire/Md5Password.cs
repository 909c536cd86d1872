using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Backup.Core.Postgres.Wire;

/// <summary>Answers the server's question for an MD5 password.</summary>
internal static class Md5Password
{
    /// <summary>What is sent in place of the password.</summary>
    /// <remarks>See <see href="https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-START-UP"/>.</remarks>
    public static string Hash(string user, string password, ReadOnlySpan<byte> salt) =>
        "md5" + Digest([.. Encoding.UTF8.GetBytes(Digest(Encoding.UTF8.GetBytes(password + user))), .. salt]);

    [SuppressMessage("Security", "CA5351:Do Not Use Broken Cryptographic Algorithms", Justification = "The protocol prescribes it.")]
    private static string Digest(byte[] bytes) => Convert.ToHexStringLower(MD5.HashData(bytes));
}

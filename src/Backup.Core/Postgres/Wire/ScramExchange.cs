using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Backup.Core.Postgres.Wire;

/// <summary>The client's side of one SCRAM-SHA-256 exchange (RFC 5802, RFC 7677).</summary>
internal sealed class ScramExchange
{
    /// <summary>The mechanism without channel binding.</summary>
    public const string Mechanism = "SCRAM-SHA-256";

    /// <summary>The mechanism with channel binding.</summary>
    public const string BoundMechanism = "SCRAM-SHA-256-PLUS";

    private const int NonceBytes = 18;

    // The work cannot be interrupted: ten million rounds take seconds, a thousand times as long as the server's default.
    private const int MaxIterations = 10_000_000;

    private readonly string _header;
    private readonly byte[] _binding;
    private readonly string _password;
    private readonly string _user;
    private readonly string _nonce;
    private byte[] _serverSignature = [];

    /// <summary>Begins an exchange.</summary>
    /// <param name="password">The password as given.</param>
    /// <param name="header">What the client says about channel binding, the GS2 header: <c>n,,</c>, <c>y,,</c> or <c>p=…,,</c>.</param>
    /// <param name="binding">The channel's data; empty without channel binding.</param>
    /// <param name="user">PostgreSQL goes by the start-up message and ignores this.</param>
    /// <param name="nonce">The client's nonce; <see langword="null"/> for a random one.</param>
    public ScramExchange(string password, string header, byte[] binding, string user = "", string? nonce = null)
    {
        _password = SaslText.Prepare(password);
        _header = header;
        _binding = binding;
        _user = user;
        _nonce = nonce ?? Convert.ToBase64String(RandomNumberGenerator.GetBytes(NonceBytes));
    }

    /// <summary>The client's first message.</summary>
    public string FirstMessage => _header + FirstMessageBare;

    private string FirstMessageBare => $"n={_user},r={_nonce}";

    /// <summary>The client's final message, in answer to the server's first.</summary>
    /// <exception cref="ProtocolException">The server's message is malformed.</exception>
    public string Answer(string serverFirst)
    {
        var (nonce, salt, iterations) = ParseFirst(serverFirst);
        if (!nonce.StartsWith(_nonce, StringComparison.Ordinal) || nonce.Length == _nonce.Length)
            throw ProtocolException.Malformed("SCRAM message: its nonce is not made from the client's");

        var bound = Convert.ToBase64String([.. Encoding.UTF8.GetBytes(_header), .. _binding]);
        var withoutProof = $"c={bound},r={nonce}";
        var exchanged = Encoding.UTF8.GetBytes($"{FirstMessageBare},{serverFirst},{withoutProof}");

        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(_password), salt, iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        var proof = HMACSHA256.HashData(salted, "Client Key"u8);
        var signature = HMACSHA256.HashData(SHA256.HashData(proof), exchanged);
        for (var i = 0; i < proof.Length; i++)
            proof[i] ^= signature[i];

        _serverSignature = HMACSHA256.HashData(HMACSHA256.HashData(salted, "Server Key"u8), exchanged);
        return $"{withoutProof},p={Convert.ToBase64String(proof)}";
    }

    /// <summary>Makes sure that the server knows the password too.</summary>
    /// <exception cref="ProtocolException">It does not, or its message is malformed.</exception>
    public void Verify(string serverFinal)
    {
        var verifier = serverFinal.Split(',')[0];
        if (!verifier.StartsWith("v=", StringComparison.Ordinal))
            throw ProtocolException.Malformed("SCRAM message: it has no signature");
        if (_serverSignature.Length == 0 || !CryptographicOperations.FixedTimeEquals(Decode(verifier[2..]), _serverSignature))
            throw new ProtocolException("the server did not prove that it knows the secret of the role: it may be another server");
    }

    private static (string Nonce, byte[] Salt, int Iterations) ParseFirst(string message)
    {
        // Attributes after these three are extensions, which may be ignored; one before them, m=, must not be.
        var parts = message.Split(',');
        if (parts.Length < 3
            || !parts[0].StartsWith("r=", StringComparison.Ordinal)
            || !parts[1].StartsWith("s=", StringComparison.Ordinal)
            || !parts[2].StartsWith("i=", StringComparison.Ordinal)
            || !int.TryParse(parts[2].AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var iterations)
            || iterations is < 1 or > MaxIterations)
        {
            throw ProtocolException.Malformed("SCRAM message");
        }

        return (parts[0][2..], Decode(parts[1][2..]), iterations);
    }

    private static byte[] Decode(string base64)
    {
        try
        {
            return Convert.FromBase64String(base64);
        }
        catch (FormatException)
        {
            throw ProtocolException.Malformed("SCRAM message: it is not Base64");
        }
    }
}

using System.Buffers.Binary;
using System.Buffers.Text;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using AgentGate.Identity;
using AgentGate.Pipeline;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Identity;

/// <summary>
/// The CAPTCHA that needs no third party: find a nonce so that SHA-256 of <c>challenge:nonce</c> begins with enough zero bits. A challenge
/// says until when it is good and how hard it is, under a MAC of the installation; nothing is kept until it is solved, and then that it was.
/// </summary>
internal sealed class ProofOfWork(IIdentityKey key, IOneTimeRecords records, IIdSource ids, TimeProvider time, IOptions<CaptchaOptions> options) : ICaptcha
{
    public const string Name = "proof-of-work";

    private const string Kind = "captcha-solved";
    private const int RandomBytes = 16;
    private const int StatementBytes = RandomBytes + sizeof(long) + 1;
    private const int MacBytes = 32;
    private const int NonceMax = 32;

    private readonly byte[] _signing = HKDF.Expand(HashAlgorithmName.SHA256, key.Key.ToArray(), 32, "agentgate/identity/captcha/v1"u8.ToArray());

    public ValueTask<CaptchaChallenge> CreateAsync(CancellationToken cancellationToken)
    {
        var until = time.GetUtcNow() + options.Value.GoodFor;
        var challenge = new byte[StatementBytes + MacBytes];
        ids.Fill(challenge.AsSpan(0, RandomBytes));
        BinaryPrimitives.WriteInt64BigEndian(challenge.AsSpan(RandomBytes), until.ToUnixTimeMilliseconds());
        challenge[StatementBytes - 1] = (byte)options.Value.Difficulty;
        HMACSHA256.HashData(_signing, challenge.AsSpan(0, StatementBytes), challenge.AsSpan(StatementBytes));
        return ValueTask.FromResult(new CaptchaChallenge(Name, null, Base64Url.EncodeToString(challenge), options.Value.Difficulty, until));
    }

    public async ValueTask<bool> SolvedAsync(string answer, string address, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (Read(answer) is not { } read || now >= read.Until || !IsWorkDone(answer, read.Difficulty))
        {
            return false;
        }

        // Whoever keeps it first has it; a challenge counts once, however many nonces fit.
        return await records.AddAsync(
            new OneTimeRecord
            {
                Kind = Kind,
                SecretDigest = IdentitySecrets.DigestOf(read.Challenge),
                Tenant = IdentityActs.SystemTenant,
                Content = string.Empty,
                CreatedAt = now,
                ExpiresAt = read.Until,
            },
            cancellationToken);
    }

    /// <summary>Whether the work is done.</summary>
    /// <param name="answer"><c>challenge:nonce</c>.</param>
    /// <param name="difficulty">How many leading zero bits.</param>
    internal static bool IsWorkDone(string answer, int difficulty)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(answer));
        return BitOperations.LeadingZeroCount(BinaryPrimitives.ReadUInt64BigEndian(hash)) >= difficulty;
    }

    /// <summary>The challenge of an answer, if this installation made it.</summary>
    private (string Challenge, DateTimeOffset Until, int Difficulty)? Read(string answer)
    {
        if (answer.Split(':') is not [{ Length: > 0 and < 128 } text, { Length: > 0 and <= NonceMax }] || !Base64Url.IsValid(text))
        {
            return null;
        }

        var challenge = Base64Url.DecodeFromChars(text);
        if (challenge.Length != StatementBytes + MacBytes
            || !CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(_signing, challenge.AsSpan(0, StatementBytes)), challenge.AsSpan(StatementBytes)))
        {
            return null;
        }

        // Base64url has more than one spelling of the same bytes; there is one record for them all.
        return (
            Base64Url.EncodeToString(challenge),
            DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(challenge.AsSpan(RandomBytes))),
            challenge[StatementBytes - 1]);
    }
}

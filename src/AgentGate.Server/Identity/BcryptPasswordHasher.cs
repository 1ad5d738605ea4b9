using System.Security.Cryptography;
using System.Text;
using AgentGate.Identity;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Identity;

/// <summary>
/// Passwords by bcrypt. bcrypt reads 72 bytes and stops at the first zero byte, so what it gets is the base64 of an HMAC-SHA-384 of the
/// password: 64 characters, whatever the password is. The key of the HMAC is made from the server's identity key and is not in the database:
/// who has the hashes alone can guess nothing, and hashes stolen elsewhere cannot be tried here.
/// </summary>
/// <remarks>
/// Thread-safe. Costs a processor for about half a second at cost 12: call it through <see cref="PasswordQueue"/>. A hash that begins with
/// <c>$2</c> is plain bcrypt, as 1.0 wrote it: it is taken, and replaced when its owner next signs in.
/// </remarks>
internal sealed class BcryptPasswordHasher(IIdentityKey key, IOptions<PasswordOptions> options) : IPasswordHasher<User>
{
    /// <summary>The most characters of a password: more is refused before anything is computed.</summary>
    public const int LengthMax = 256;

    private const int HashLength = 60;

    // The least that bcrypt knows.
    private const int CostLeast = 4;
    private const string Prefix = "$ag1";

    // Any 53 characters of the alphabet are a salt and a hash; nobody has the password.
    private const string NobodysSaltAndHash = "Xm0qS1tBz8fLk2Vd9YpWuOe6RjNcGh4aTiKyQoZbCrMvDwEsFlJnu";

    private readonly byte[] _pepper = HKDF.Expand(HashAlgorithmName.SHA256, key.Key.ToArray(), 48, "agentgate/identity/password/v1"u8.ToArray());

    /// <summary>What a password is compared with where there is no user: it costs the same, and nothing fits.</summary>
    public string NobodysHash => $"{Prefix}$2b${options.Value.Cost:00}${NobodysSaltAndHash}";

    /// <summary>Whether a text can be a password at all.</summary>
    public static bool IsOne(string text)
        => text.Length is > 0 and <= LengthMax && !text.Contains('\0', StringComparison.Ordinal) && text.EnumerateRunes().All(rune => rune != Rune.ReplacementChar);

    public string HashPassword(User user, string password)
        => Prefix + BCrypt.Net.BCrypt.HashPassword(Condense(password), BCrypt.Net.BCrypt.GenerateSalt(options.Value.Cost, 'b'));

    public PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword)
    {
        var ours = hashedPassword.StartsWith(Prefix, StringComparison.Ordinal);
        var hash = ours ? hashedPassword[Prefix.Length..] : hashedPassword;
        try
        {
            // What is not as long as a hash makes the library read past its end.
            if (hash.Length != HashLength || !BCrypt.Net.BCrypt.Verify(ours ? Condense(providedPassword) : providedPassword, hash))
            {
                WorkOff(hash.Length == HashLength ? CostOf(hash) : 0);
                return PasswordVerificationResult.Failed;
            }
        }
        catch (Exception unfit) when (unfit is BCrypt.Net.SaltParseException or BCrypt.Net.HashInformationException or ArgumentException)
        {
            // No hash: nothing fits it.
            WorkOff(0);
            return PasswordVerificationResult.Failed;
        }

        return !ours || CostOf(hash) < options.Value.Cost ? PasswordVerificationResult.SuccessRehashNeeded : PasswordVerificationResult.Success;
    }

    /// <summary>
    /// Does the work that a hash of less cost has not asked for, so that the time a wrong password takes does not tell an account of before from
    /// none. Each step of the cost doubles the work: 2ⁿ is 2ᶜ and all steps from c on.
    /// </summary>
    private void WorkOff(int done)
    {
        for (var cost = Math.Max(done, CostLeast); cost < options.Value.Cost; cost++)
        {
            BCrypt.Net.BCrypt.Verify("nobody", $"$2b${cost:00}${NobodysSaltAndHash}");
        }
    }

    private static int CostOf(string hash) => int.TryParse(hash.AsSpan(4, 2), out var cost) ? cost : 0;

    // Not normalized: whether .NET can depends on the machine, and a password must not.
    private string Condense(string password) => Convert.ToBase64String(HMACSHA384.HashData(_pepper, Encoding.UTF8.GetBytes(password)));
}

using AgentGate.Identity;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Identity;

/// <summary>What a new password has to be: long, not one that everybody tries first, and not made of the e-mail address (NIST SP 800-63B §3.1.1.2). No rule asks for kinds of characters.</summary>
internal sealed class PasswordRules(IOptions<PasswordOptions> options, KnownPasswords common)
{
    private const int DistinctMin = 5;
    private const int LocalPartMin = 4;

    /// <summary>What is wrong, and what to do; or <see langword="null"/>.</summary>
    public string? Fault(User user, string password)
    {
        if (!BcryptPasswordHasher.IsOne(password))
        {
            return $"A password has at most {BcryptPasswordHasher.LengthMax} characters and no U+0000.";
        }

        var length = password.EnumerateRunes().Count();
        if (length < options.Value.LengthMin)
        {
            return $"A password has at least {options.Value.LengthMin} characters. A few words in a row are easier to remember than signs.";
        }

        var folded = password.ToLowerInvariant();
        var (email, local) = (EmailAddress.Fold(user.Email), EmailAddress.Fold(user.Email).Split('@')[0]);
        return folded.Contains(email, StringComparison.Ordinal) || (local.Length >= LocalPartMin && folded.Contains(local, StringComparison.Ordinal))
                ? "A password does not hold the e-mail address."
            : folded.Distinct().Count() < DistinctMin ? $"A password has at least {DistinctMin} different characters."
            : common.Contains(password, email, local, user.Name) ? "This is one of the passwords that are tried first. Take another."
            : null;
    }
}

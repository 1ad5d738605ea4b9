using Microsoft.Extensions.Options;

namespace AgentGate.Server.Identity;

/// <summary>
/// Passwords that are tried first: those of a file the operator names, the obvious, and what an estimate by lists of common passwords, names,
/// words, dates and keyboard walks (zxcvbn) gives fewer guesses than a patient attacker makes.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class KnownPasswords(IOptions<PasswordOptions> options)
{
    private const int EstimatedMax = 48;
    private const double BitsMin = 30;

    private static readonly string[] s_words =
        ["password", "passwort", "passw0rd", "motdepasse", "contraseña", "qwerty", "qwertz", "azerty", "admin", "administrator", "letmein", "welcome", "monkey", "dragon", "master", "login", "iloveyou", "football", "baseball", "sunshine", "princess", "trustno1", "changeme", "secret", "agentgate", "default", "abc", "test", "guest", "root"];

    private static readonly string[] s_rows =
        ["1234567890", "0987654321", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm", "azertyuiop", "abcdefghijklmnopqrstuvwxyz", "1qaz2wsx3edc4rfv5tgb6yhn7ujm"];

    // Nobody says that it may be asked from several threads.
    private readonly Lock _estimating = new();
    private readonly Lazy<Zxcvbn.Zxcvbn> _estimate = new(() => new Zxcvbn.Zxcvbn());
    private readonly Lazy<HashSet<string>> _listed = new(() => Read(options.Value.CommonFile));

    /// <summary>Whether a password is one of them.</summary>
    /// <param name="password">The password.</param>
    /// <param name="known">What an attacker knows of its owner.</param>
    public bool Contains(string password, params IEnumerable<string> known)
    {
        var folded = password.ToLowerInvariant();
        return _listed.Value.Contains(folded) || IsObvious(folded) || IsGuessed(password, known);
    }

    /// <summary>What begins so that it is hard to guess is hard to guess: the estimate takes time with the square of the length, and sees no more than this.</summary>
    private bool IsGuessed(string password, IEnumerable<string> known)
    {
        lock (_estimating)
        {
            return _estimate.Value.EvaluatePassword(password[..Math.Min(password.Length, EstimatedMax)], known).Entropy < BitsMin;
        }
    }

    /// <summary>A common word with digits and signs around it, one thing again and again, or keys in a row.</summary>
    internal static bool IsObvious(string folded)
    {
        var rest = Plain(folded);
        var core = rest.Trim("0123456789!?.,-_#$%&*+ @".ToCharArray());
        return core.Length == 0
            || s_words.Any(word => Strip(core, word).Length == 0)
            || IsRepeated(folded)
            || s_rows.Any(row => IsRun(folded, row));
    }

    // What stands for letters in so many passwords that it hides none.
    private static string Plain(string text)
        => text.Replace('@', 'a').Replace('0', 'o').Replace('$', 's').Replace('3', 'e').Replace('!', 'i') is var letters && s_words.Any(word => letters.Contains(word, StringComparison.Ordinal) && !text.Contains(word, StringComparison.Ordinal))
            ? letters
            : text;

    private static string Strip(string text, string word)
        => string.Concat(text.Replace(word, string.Empty, StringComparison.Ordinal).Where(char.IsLetter));

    private static bool IsRepeated(string text)
    {
        for (var length = 1; length <= Math.Min(6, text.Length / 2); length++)
        {
            if (Enumerable.Range(0, text.Length).All(i => text[i] == text[i % length]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsRun(string text, string row)
    {
        var endless = string.Concat(Enumerable.Repeat(row, (text.Length / row.Length) + 2));
        return endless.Contains(text, StringComparison.Ordinal) || endless.Contains(new string([.. text.Reverse()]), StringComparison.Ordinal);
    }

    private static HashSet<string> Read(string? file)
        => file is { Length: > 0 } ? [.. File.ReadLines(file).Select(line => line.Trim().ToLowerInvariant()).Where(line => line.Length > 0)] : [];
}

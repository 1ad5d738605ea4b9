using System.Runtime.CompilerServices;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Kernel.Certificates;

/// <summary>
/// What a verifier re-executes of one decision (docs/formats/bundle.md). Who decides keeps within it, so that nothing is allowed that nobody
/// could verify. Pure and thread-safe.
/// </summary>
public static class VerifierLimits
{
    /// <summary>The most bytes of α that are decided on. A whole bundle has at most 16 MiB.</summary>
    public const int AlphaLengthMax = 4 * 1024 * 1024;

    /// <summary>The most questions of α that are decided on; half of what is read.</summary>
    public const int QuestionsMax = Admissibility.AlphaDocument.PartsMax / 2;

    /// <summary>
    /// The most work a bundle may ask for: questions times policies (in units of 128 bytes) times request (in units of 4 KiB). Ten thousand
    /// policies under twenty questions are below it; a bundle made to keep a verifier busy is above.
    /// </summary>
    internal const long WorkMax = 8_000_000;

    /// <summary>What a bundle has beside α and policies: grants, votes, proofs, the certificate itself.</summary>
    private const int BesideMax = 2 * 1024 * 1024;

    private static readonly ConditionalWeakTable<PolicySet, Weight> s_sets = [];
    private static readonly ConditionalWeakTable<Policy, Weight> s_policies = [];

    /// <summary>Whether a decision can be re-executed by whoever verifies it.</summary>
    /// <param name="alphaLength">The bytes of α's canonical form.</param>
    /// <param name="questions">α's questions.</param>
    /// <param name="policies">The policies; weighed once per set.</param>
    public static bool Hold(int alphaLength, int questions, PolicySet policies)
    {
        ArgumentNullException.ThrowIfNull(policies);
        ArgumentOutOfRangeException.ThrowIfNegative(alphaLength);
        ArgumentOutOfRangeException.ThrowIfNegative(questions);
        if (alphaLength > AlphaLengthMax || questions > QuestionsMax)
        {
            return false;
        }

        var weight = s_sets.GetValue(policies, static set => Sum(set));
        return alphaLength + weight.Bytes <= ProofBundle.LengthMax - BesideMax && Work(questions, weight.Units, alphaLength) <= WorkMax;
    }

    /// <summary>The work of a decision; policies as <see cref="Units"/> counts them.</summary>
    internal static long Work(long questions, long units, long alphaLength) => questions * units * (1L + (alphaLength / 4_096));

    /// <summary>What one policy counts.</summary>
    internal static long Units(int jsonLength) => 1L + (jsonLength / 128);

    private static Weight Sum(PolicySet set)
    {
        var (units, bytes) = (0L, 0L);
        foreach (var policy in set.Policies.Concat(set.Templates))
        {
            var one = s_policies.GetValue(policy, static policy => Of(policy));
            (units, bytes) = (units + one.Units, bytes + one.Bytes);
        }

        return new Weight(units, bytes);
    }

    /// <summary>In a bundle a policy is a string: quotes and backslashes count twice, and a character of its id has at most six bytes.</summary>
    private static Weight Of(Policy policy)
    {
        ReadOnlySpan<byte> json = PolicyJson.Write(policy);
        return new Weight(Units(json.Length), json.Length + json.Count((byte)'"') + json.Count((byte)'\\') + (6L * policy.Id.Length) + 64);
    }

    private sealed record Weight(long Units, long Bytes);
}

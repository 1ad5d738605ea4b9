using AgentGate.Kernel.Canonical;
using AgentGate.Kernel.Delegation;

namespace AgentGate.Kernel.Admissibility;

/// <summary>
/// <c>Admissible(α, Γ)</c>: the conjunction of six predicates that a certificate records (docs/formats/certificate.md). The gate decides
/// with this code and a verifier re-executes it. Pure and thread-safe.
/// </summary>
public static class Theorem
{
    /// <summary>The theorem as text; its hash stands in every certificate.</summary>
    public const string Text =
        "agentgate/theorem/v1: AuthValid(a,g) & LineageValid(a,g) & PermitExists(a,g) & !DenyExists(a,g) & ObligationsMet(a,g) & ContextBound(a,g)";

    /// <summary>The most permits a witness names per question; the first ones in ordinal order.</summary>
    public const int PermitsNamedMax = 16;

    [ThreadStatic]
    private static CanonicalBuffer? t_witnesses;

    /// <summary>The hash of <see cref="Text"/>, lower-case hex.</summary>
    public static string Hash { get; } = CanonicalHash.Of(System.Text.Encoding.ASCII.GetBytes(Text));

    /// <summary>Evaluates the first five predicates.</summary>
    /// <param name="alpha">The request.</param>
    /// <param name="knowledge">What is in force.</param>
    /// <param name="votes">How many valid yes votes of known safety nodes there are on this request.</param>
    /// <returns>The five with their witnesses: the same for everybody who evaluates the same request with the same knowledge.</returns>
    public static AdmissibilityProof Evaluate(Alpha alpha, Knowledge knowledge, int votes = 0)
    {
        ArgumentNullException.ThrowIfNull(alpha);
        ArgumentNullException.ThrowIfNull(knowledge);
        var view = PolicyView.Of(knowledge.Policies);
        var answers = PolicyAnswers.Of(alpha.Questions, knowledge.Policies, view);
        var lineage = alpha.DelegationRef is null ? null : GrantChain.Check(alpha, knowledge.Grants);

        // The witnesses of one proof share one array.
        var output = t_witnesses ??= new CanonicalBuffer(1024);
        output.Truncate(0);
        var isKnown = WriteAuthentication(output, alpha);
        var first = output.Length;
        WriteLineage(output, lineage);
        var second = output.Length;
        WritePermits(output, answers);
        var third = output.Length;
        WriteForbids(output, answers.Matched, view.Forbids, alpha.Questions.Length);
        var fourth = output.Length;
        var unmet = ObligationCheck.Write(output, alpha, knowledge, answers, view, lineage?.Chain ?? [], votes);

        ReadOnlyMemory<byte> witnesses = output.Written.ToArray();
        return new AdmissibilityProof
        {
            Predicates =
            [
                Finding(Predicate.AuthValid, isKnown, witnesses[..first]),
                Finding(Predicate.LineageValid, lineage?.Reason is null, witnesses[first..second]),
                Finding(Predicate.PermitExists, answers.IsAsked && answers.Missing is null, witnesses[second..third]),
                Finding(Predicate.NotDenyExists, answers.Matched is null, witnesses[third..fourth]),
                Finding(Predicate.ObligationsMet, unmet.IsEmpty, witnesses[fourth..]),
            ],
            Permits = answers.Permits,
            Missing = answers.Missing,
            Matched = answers.Matched,
            Errors = answers.Errors,
            LineageReason = lineage?.Reason,
            Unmet = unmet,
        };
    }

    private static PredicateFinding Finding(Predicate predicate, bool holds, ReadOnlyMemory<byte> witness)
        => new(predicate, holds ? PredicateValue.Holds : PredicateValue.Fails, witness);

    private static bool WriteAuthentication(CanonicalBuffer output, Alpha alpha)
    {
        var json = new CanonicalWriter(output);
        var known = alpha.Authentication;
        json.BeginObject();
        if (known.KeyId is not null)
        {
            json.Name("\"key_id\":"u8);
            json.Text(known.KeyId);
        }

        json.Name("\"method\":"u8);
        json.Text(AdmissibilityWords.Of(known.Method));
        json.Name("\"principal\":"u8);
        json.Text(known.Principal);
        json.Name("\"tenant\":"u8);
        json.Text(known.Tenant);
        json.EndObject();
        return known.Method is AuthenticationMethod.Key or AuthenticationMethod.Process
            && string.Equals(known.Principal, alpha.Principal, StringComparison.Ordinal)
            && string.Equals(known.Tenant, alpha.Tenant, StringComparison.Ordinal);
    }

    private static void WriteLineage(CanonicalBuffer output, ChainCheck? lineage)
    {
        var json = new CanonicalWriter(output);
        if (lineage is null)
        {
            json.Raw("""{"mode":"direct"}"""u8);
            return;
        }

        json.BeginObject();
        json.Name("\"chain\":"u8);
        json.BeginArray();
        foreach (var grant in lineage.Chain)
        {
            json.Text(grant.Id);
        }

        json.EndArray();
        if (lineage.Link is { } link)
        {
            json.Name("\"link\":"u8);
            json.Number(link);
        }

        json.Name("\"mode\":"u8);
        json.Plain("delegated"u8);
        if (lineage.Reason is not null)
        {
            json.Name("\"reason\":"u8);
            json.Text(lineage.Reason);
        }

        json.EndObject();
    }

    private static void WritePermits(CanonicalBuffer output, in PolicyAnswers answers)
    {
        var json = new CanonicalWriter(output);
        json.BeginObject();
        if (answers.Missing is { } missing)
        {
            json.Name("\"missing\":"u8);
            json.Number(missing);
        }

        json.Name("\"permits\":"u8);
        json.BeginArray();
        foreach (var (question, policies) in answers.Permits)
        {
            json.BeginObject();
            json.Name("\"policies\":"u8);
            json.BeginArray();
            foreach (var policy in policies.AsSpan()[..Math.Min(policies.Length, PermitsNamedMax)])
            {
                json.Text(policy);
            }

            json.EndArray();
            json.Name("\"question\":"u8);
            json.Number(question);
            json.EndObject();
        }

        json.EndArray();
        json.EndObject();
    }

    private static void WriteForbids(CanonicalBuffer output, MatchedForbid? matched, int forbids, int questions)
    {
        var json = new CanonicalWriter(output);
        json.BeginObject();
        json.Name("\"checked_policies\":"u8);
        json.Number(forbids);
        json.Name("\"checked_questions\":"u8);
        json.Number(questions);
        if (matched is not null)
        {
            json.Name("\"matched\":"u8);
            Write(ref json, matched);
        }

        json.EndObject();
    }

    /// <summary>Writes the forbid that decided, as witness and counterexample hold it.</summary>
    internal static void Write(ref CanonicalWriter json, MatchedForbid matched)
    {
        json.BeginObject();
        json.Name("\"kind\":"u8);
        json.Text(matched.IsError ? "error" : "forbid");
        json.Name("\"policy\":"u8);
        json.Text(matched.Policy);
        json.Name("\"question\":"u8);
        json.Number(matched.Question);
        json.EndObject();
    }
}

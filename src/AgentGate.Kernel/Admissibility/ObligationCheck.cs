using System.Collections.Immutable;
using AgentGate.Kernel.Canonical;
using AgentGate.Kernel.Delegation;

namespace AgentGate.Kernel.Admissibility;

/// <summary>The fifth predicate: what is required, by whom, and what of it nobody attests.</summary>
internal static class ObligationCheck
{
    /// <summary>The most sources a witness names per obligation; the first ones in ordinal order.</summary>
    public const int SourcesMax = 16;

    /// <summary>Writes the witness.</summary>
    /// <returns>What is not fulfilled, sorted by obligation.</returns>
    public static ImmutableArray<UnmetObligation> Write(
        CanonicalBuffer output, Alpha alpha, Knowledge knowledge, in PolicyAnswers answers, PolicyView view, ImmutableArray<Grant> chain, int votes)
    {
        var json = new CanonicalWriter(output);
        var required = Required(alpha, knowledge.Settings, answers, view, chain);
        if (required is null)
        {
            json.Raw("""{"failures":[],"required":[]}"""u8);
            return [];
        }

        var unmet = Unmet(required, alpha, knowledge.Settings, votes);
        json.BeginObject();
        json.Name("\"failures\":"u8);
        json.BeginArray();
        foreach (var (obligation, reason) in unmet)
        {
            json.BeginObject();
            json.Name("\"obligation\":"u8);
            json.Text(obligation);
            json.Name("\"reason\":"u8);
            json.Text(reason);
            json.EndObject();
        }

        json.EndArray();
        json.Name("\"required\":"u8);
        json.BeginArray();
        WriteRequired(ref json, required);
        json.EndArray();
        json.EndObject();
        return unmet;
    }

    private static void WriteRequired(ref CanonicalWriter json, List<(string Obligation, string Source)> required)
    {
        var (last, count) = ("", 0);
        foreach (var (obligation, source) in required)
        {
            count = string.Equals(obligation, last, StringComparison.Ordinal) ? count + 1 : 1;
            last = obligation;
            if (count <= SourcesMax)
            {
                json.BeginObject();
                json.Name("\"obligation\":"u8);
                json.Text(obligation);
                json.Name("\"source\":"u8);
                json.Text(source);
                json.EndObject();
            }
        }
    }

    /// <summary>Sorted by obligation and source, each pair once; <see langword="null"/> for none, as in most calls.</summary>
    private static List<(string Obligation, string Source)>? Required(
        Alpha alpha, AdmissibilitySettings settings, in PolicyAnswers answers, PolicyView view, ImmutableArray<Grant> chain)
    {
        List<(string Obligation, string Source)>? required = null;
        foreach (var (_, policies) in answers.Permits)
        {
            foreach (var policy in policies)
            {
                foreach (var obligation in view.ObligationsOf(policy))
                {
                    (required ??= []).Add((obligation, $"policy:{policy}"));
                }
            }
        }

        foreach (var setting in settings.Obligations)
        {
            if (setting.Action == "*" || string.Equals(setting.Action, alpha.Action, StringComparison.Ordinal))
            {
                (required ??= []).Add((setting.Obligation, $"setting:{setting.Action}"));
            }
        }

        foreach (var grant in chain)
        {
            foreach (var obligation in grant.Obligations)
            {
                (required ??= []).Add((obligation, $"grant:{grant.Id}"));
            }
        }

        if (required is { Count: > 1 })
        {
            required.Sort(static (left, right)
                => string.CompareOrdinal(left.Obligation, right.Obligation) is not 0 and var order ? order : string.CompareOrdinal(left.Source, right.Source));
            required = [.. required.Distinct()];
        }

        return required;
    }

    private static ImmutableArray<UnmetObligation> Unmet(
        List<(string Obligation, string Source)> required, Alpha alpha, AdmissibilitySettings settings, int votes)
    {
        ImmutableArray<UnmetObligation>.Builder? unmet = null;
        string? last = null;
        foreach (var (obligation, _) in required)
        {
            if (string.Equals(obligation, last, StringComparison.Ordinal))
            {
                continue;
            }

            last = obligation;
            if (Reason(obligation, alpha, settings, votes) is { } reason)
            {
                (unmet ??= ImmutableArray.CreateBuilder<UnmetObligation>()).Add(new UnmetObligation(obligation, reason));
            }
        }

        return unmet?.ToImmutable() ?? [];
    }

    /// <summary>Why an obligation is not fulfilled. A word outside the closed set demands what nobody can attest: a typing error must not open the gate.</summary>
    private static string? Reason(string obligation, Alpha alpha, AdmissibilitySettings settings, int votes) => obligation switch
    {
        Obligations.QuorumRequired => settings.Quorum is { Votes: var needed } && needed > 0 && votes >= needed ? null : "quorum_missing",
        Obligations.MfaRequired => IsAttested(obligation, alpha, settings) ? null : "mfa_not_verified",
        Obligations.ApprovalRequired => IsAttested(obligation, alpha, settings) ? null : "approval_missing",
        Obligations.PreviewConfirmRequired => IsAttested(obligation, alpha, settings) ? null : "preview_confirm_missing",
        _ => "unknown_obligation",
    };

    private static bool IsAttested(string obligation, Alpha alpha, AdmissibilitySettings settings)
    {
        foreach (var attestation in alpha.Attestations)
        {
            if (string.Equals(attestation.Obligation, obligation, StringComparison.Ordinal))
            {
                // A verifier sees whole milliseconds: so must whoever decides.
                var age = CanonicalTime.Truncate(alpha.At) - CanonicalTime.Truncate(attestation.At);
                if (age >= TimeSpan.Zero && age <= settings.AttestationLifetime)
                {
                    return true;
                }
            }
        }

        return false;
    }
}

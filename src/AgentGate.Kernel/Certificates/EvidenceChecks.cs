using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Canonical;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Delegation;

namespace AgentGate.Kernel.Certificates;

/// <summary>The steps <c>evidence</c> and <c>facts</c>: what the decision is re-executed from is what the certificate names.</summary>
internal static class EvidenceChecks
{
    private const string ActionType = "AgentGate::Action";
    private const string AgentType = "AgentGate::Agent";

    public static StepResult Evidence(VerificationInput input)
    {
        var (certificate, bundle) = (input.Certificate, input.Bundle);
        if (certificate.AlphaHash is null && bundle.HasEvidence)
        {
            return StepResult.Failed("there is evidence for what the certificate says was not evaluated");
        }

        if (bundle.Erased && ErasedFault(certificate, bundle) is { } left)
        {
            return StepResult.Failed(left);
        }

        if (input.WithoutEvidence() is { } without)
        {
            return without;
        }

        var (alpha, gamma) = (bundle.Alpha!, bundle.Gamma!);
        var policies = PolicySetHash(bundle.Policies!.Value);
        var fault = CanonicalHash.Of(alpha.Canonical.Span) != certificate.AlphaHash ? "α is not the request that the certificate names"
            : bundle.GammaHash != certificate.GammaHash ? "Γ is not the knowledge that the certificate names"
            : bundle.SettingsHash != gamma.SettingsHash ? "the settings are not those that Γ names"
            : policies != certificate.PolicySetHash || policies != gamma.PolicySetHash ? "the policies are not those that certificate and Γ name"
            : certificate.TheoremHash != Theorem.Hash ? "the theorem is another one"
            : alpha.Stated.CallId != certificate.CallId || alpha.Stated.Tenant != certificate.Tenant || gamma.Tenant != certificate.Tenant
                ? "α, Γ and the certificate are not about the same call and tenant"
            : alpha.Stated.Nonce != certificate.Nonce || alpha.Stated.ContentDigest != certificate.ContentDigest
                ? "α and the certificate are not about the same content"
            : AreAboutAlpha(alpha, input.Grants) ? null
            : "the questions to the policies are not about this principal, action and resource";
        return fault is null
            ? StepResult.Ok(string.Create(
                CultureInfo.InvariantCulture, $"request, knowledge, settings and {bundle.Policies.Value.Length} policies are those that the certificate names"))
            : StepResult.Failed(fault);
    }

    /// <summary>Erasing takes α and what belongs to it; what is left must still be what the certificate names.</summary>
    private static string? ErasedFault(DecisionCertificate certificate, ProofBundle bundle)
        => bundle is not { Alpha: null, Grants: null, Revocations: null, Votes.IsEmpty: true } ? "the evidence is said to be erased, and is there"
            : bundle.Gamma is not null && bundle.GammaHash != certificate.GammaHash ? "Γ is not the knowledge that the certificate names"
            : bundle.Settings is not null && bundle.SettingsHash != bundle.Gamma?.SettingsHash ? "the settings are not those that Γ names"
            : bundle.Policies is { } policies && PolicySetHash(policies) != certificate.PolicySetHash ? "the policies are not those that the certificate names"
            : null;

    public static StepResult Facts(VerificationInput input)
    {
        if (input.WithoutEvidence() is { } without)
        {
            return without;
        }

        var bundle = input.Bundle;
        if (bundle.Alpha!.Stated.DelegationRef is not { } leaf)
        {
            return bundle.Grants is null && bundle.Revocations is null
                ? StepResult.Skipped("nothing was delegated")
                : StepResult.Failed("there are grants although nothing was delegated");
        }

        if (bundle is not { Grants: { } grants, Revocations: { } revocations })
        {
            return StepResult.Failed("the grants or their revocations are not in the bundle");
        }

        var (known, fault) = Chain(leaf, grants, bundle.Gamma!, input.Keys);
        fault ??= Revoked([.. grants.Take(known)], revocations, bundle.Gamma!);
        return fault is null
            ? StepResult.Ok(string.Create(CultureInfo.InvariantCulture, $"{known} grants of the chain and their revocations are as Γ's roots say"))
            : StepResult.Failed(fault);
    }

    /// <summary>Whether the bundle's grants are the chain, whole up to its root, a missing grant or the eighth.</summary>
    private static (int Known, string? Fault) Chain(string leaf, ImmutableArray<BundleGrant> grants, Gamma gamma, VerifierKeys keys)
    {
        var next = leaf;
        for (var i = 0; i < grants.Length; i++)
        {
            var one = grants[i];
            if (next is null || i == GrantChain.MaxDepth || one.Id != next)
            {
                return (i, "the grants are not those of the chain");
            }

            if (one.Grant is null)
            {
                return i + 1 == grants.Length && FactProofs.VerifyAbsent(gamma.GrantsRoot, gamma.GrantsSize, next, one.Absent)
                    ? (i, null)
                    : (i, $"that the grant {next} does not exist is not proved");
            }

            if (!FactProofs.VerifyPresent(gamma.GrantsRoot, gamma.GrantsSize, next, one.Shown!))
            {
                return (i, $"the grant {next} is not under Γ's root");
            }

            if (!one.Grant.IsSignedBy(keys.Find(one.Grant.KeyId, KeyRole.Grants)))
            {
                return (i, $"the signature of the grant {next} is not by a known key for grants");
            }

            next = one.Grant.Grant.ParentId;
        }

        return (grants.Length, next is null || grants.Length == GrantChain.MaxDepth ? null : "the chain is not complete");
    }

    private static string? Revoked(ImmutableArray<BundleGrant> chain, ImmutableArray<BundleRevocation> revocations, Gamma gamma)
    {
        if (revocations.Length != chain.Length)
        {
            return "the revocations are not those of the chain";
        }

        for (var i = 0; i < chain.Length; i++)
        {
            var (id, present, absent) = revocations[i];
            if (id != chain[i].Id)
            {
                return "the revocations are not those of the chain";
            }

            if (present is not null
                ? !FactProofs.VerifyPresent(gamma.RevocationsRoot, gamma.RevocationsSize, id, present)
                : !FactProofs.VerifyAbsent(gamma.RevocationsRoot, gamma.RevocationsSize, id, absent))
            {
                return present is not null ? $"the revocation of {id} is not under Γ's root" : $"that {id} is not revoked is not proved";
            }
        }

        return null;
    }

    /// <summary>docs/formats/certificate.md, "The questions are about α": else a decision on something else would carry this name.</summary>
    internal static bool AreAboutAlpha(AlphaDocument alpha, IGrantFacts grants)
    {
        var stated = alpha.Stated;
        if (alpha.Asked is not [{ Demand: QuestionDemand.Permit } first, ..]
            || first.Action != new EntityRef(ActionType, stated.Action) || first.Resource != stated.Resource)
        {
            return false;
        }

        var chain = stated.DelegationRef is null ? [] : GrantChain.Follow(stated.DelegationRef, grants).Chain;
        var principal = new EntityRef(AgentType, chain.IsEmpty ? stated.Principal : chain[^1].Principal);
        var asked = alpha.Asked.Where(static question => question.Demand == QuestionDemand.Permit).ToArray();
        if (asked.Any(question => question.Principal != principal))
        {
            return false;
        }

        if (stated.DelegationRef is null)
        {
            return true;
        }

        var forbidding = alpha.Asked.Where(static question => question.Demand == QuestionDemand.NoForbid)
            .Select(static question => (question.Principal, question.Action, question.Resource, question.Context)).ToHashSet();
        return chain.SelectMany(static grant => new[] { grant.Delegate, grant.Principal }).Append(stated.Principal)
            .Select(static id => new EntityRef(AgentType, id)).Where(other => other != principal).Distinct()
            .All(other => asked.All(question => forbidding.Contains((other, question.Action, question.Resource, question.Context))));
    }

    /// <summary>The hash of a policy set from the very bytes of its policies, as docs/formats/certificate.md has it. They are sorted by id.</summary>
    private static string PolicySetHash(ImmutableArray<BundlePolicy> policies)
    {
        using var set = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var single = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        set.AppendData("AgentGate.Cedar policy set v1\n"u8);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        foreach (var (id, isTemplate, json) in policies)
        {
            Append(set, id);
            Append(set, isTemplate ? "template" : "policy");
            single.AppendData("AgentGate.Cedar policy v1\n"u8);
            single.AppendData(json.Span);
            single.GetHashAndReset(digest);
            set.AppendData(digest);
        }

        return Convert.ToHexStringLower(set.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}

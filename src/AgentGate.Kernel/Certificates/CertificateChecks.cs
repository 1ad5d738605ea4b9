using System.Globalization;
using AgentGate.Kernel.Canonical;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Kernel.Certificates;

/// <summary>The steps that need the certificate and the keys alone.</summary>
internal static class CertificateChecks
{
    public static StepResult Keys(VerificationInput input)
    {
        var seal = input.Certificate.Seal;
        if (seal.KeyId.Length == 0)
        {
            return StepResult.Failed("key_id and signature.key_id name different keys");
        }

        if (input.Keys.Find(seal.KeyId, KeyRole.Certificates) is not { } key)
        {
            return StepResult.Failed(input.Keys.Problem ?? $"{seal.KeyId} is not among the known keys for certificates");
        }

        return CertificateWords.Of(key.Algorithm) == seal.Algorithm
            ? StepResult.Ok($"{seal.KeyId} is a known key for certificates ({seal.Algorithm})")
            : StepResult.Failed($"{seal.KeyId} is a key of {CertificateWords.Of(key.Algorithm)}, the signature says {seal.Algorithm}");
    }

    public static StepResult Signature(VerificationInput input)
    {
        var seal = input.Certificate.Seal;
        if (input.Keys.Find(seal.KeyId, KeyRole.Certificates) is not { } key || CertificateWords.Of(key.Algorithm) != seal.Algorithm)
        {
            return StepResult.Failed("there is no key to check it with");
        }

        return CertificateBatch.Verify(input.Certificate.Body.Span, seal, key)
            ? StepResult.Ok(string.Create(
                CultureInfo.InvariantCulture, $"the certificate is number {seal.Index + 1} of a batch of {seal.BatchSize}, and {seal.KeyId} signed the batch"))
            : StepResult.Failed("the certificate was changed, or this key did not sign its batch");
    }

    public static StepResult Window(VerificationInput input)
    {
        var (from, to) = (input.Certificate.CreatedAt, input.Certificate.NotAfter);
        var window = $"{CanonicalTime.Text(from)} to {CanonicalTime.Text(to)}";
        return from >= to ? StepResult.Failed($"the window ends before it begins: {window}")
            : input.Options.At is not { } at ? StepResult.Ok($"decided for use from {window}; no moment of use was asked for")
            : from <= at && at <= to ? StepResult.Ok($"{CanonicalTime.Text(at)} is within {window}")
            : StepResult.Failed($"{CanonicalTime.Text(at)} is outside {window}");
    }

    public static StepResult Decision(VerificationInput input)
    {
        var certificate = input.Certificate;
        return DecisionRules.Fault(certificate) is { } fault
            ? StepResult.Failed(fault)
            : StepResult.Ok(
                $"{LogEntryWords.Of((DecisionKind?)certificate.Decision)} ({CertificateWords.Of(certificate.Mode)}, {CertificateWords.Of(certificate.Stage)}) fits {Admissibility.AdmissibilityWords.Of(certificate.Result)}");
    }
}

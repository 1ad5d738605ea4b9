using System.Collections.Immutable;
using System.Text.Json;
using AgentGate.Cedar.Syntax;
using AgentGate.Kernel.Canonical;

namespace AgentGate.Kernel.Certificates;

/// <summary>
/// Verifies certificates offline: re-executes the decision from α, Γ and the policies, and checks signatures and proofs
/// (docs/formats/bundle.md). Pure and thread-safe. What it is given may be hostile: it never throws, and its work is bounded.
/// </summary>
public static class BundleVerifier
{
    /// <summary>The most bytes a bundle is read with: 16 MiB.</summary>
    public const int BundleLengthMax = ProofBundle.LengthMax;

    private static readonly ImmutableArray<(string Name, Func<VerificationInput, StepResult> Check, bool NeedsBundle)> Steps =
    [
        (VerificationSteps.Keys, CertificateChecks.Keys, false),
        (VerificationSteps.Signature, CertificateChecks.Signature, false),
        (VerificationSteps.Window, CertificateChecks.Window, false),
        (VerificationSteps.Evidence, EvidenceChecks.Evidence, true),
        (VerificationSteps.Facts, EvidenceChecks.Facts, true),
        (VerificationSteps.Theorem, TheoremCheck.Theorem, true),
        (VerificationSteps.Decision, CertificateChecks.Decision, false),
        (VerificationSteps.Votes, TheoremCheck.Votes, true),
        (VerificationSteps.Entry, LogChecks.Entry, true),
        (VerificationSteps.Inclusion, LogChecks.Inclusion, true),
        (VerificationSteps.Checkpoint, LogChecks.Checkpoint, true),
        (VerificationSteps.Witnesses, LogChecks.Witnesses, false),
    ];

    /// <summary>Verifies one certificate.</summary>
    /// <param name="certificate">The certificate, or empty where only a bundle is given.</param>
    /// <param name="bundle">Its bundle, or empty: then nothing is re-executed or found in the log.</param>
    /// <param name="keys">The keys that are trusted.</param>
    /// <param name="options">What is demanded beyond that.</param>
    public static VerificationReport Verify(
        ReadOnlyMemory<byte> certificate, ReadOnlyMemory<byte> bundle, VerifierKeys keys, VerificationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(keys);
        VerificationInput? input = null;
        var steps = ImmutableArray.CreateBuilder<VerificationStep>(VerificationSteps.All.Length);
        steps.Add(Run(VerificationSteps.Format, () =>
        {
            input = Read(certificate, bundle, keys, options ?? VerificationOptions.Default);
            return StepResult.Ok(bundle.IsEmpty ? "a certificate" : "a certificate and its bundle");
        }));
        foreach (var (name, check, needsBundle) in Steps)
        {
            steps.Add(
                input is null ? new VerificationStep(name, StepOutcome.Skipped, "the documents are not what they must be")
                : needsBundle && !input.HasBundle ? new VerificationStep(name, StepOutcome.Skipped, "there is no bundle (--bundle)")
                : Run(name, () => check(input)));
        }

        return new VerificationReport
        {
            Steps = steps.MoveToImmutable(),
            Certificate = input?.Certificate,
            HasBundle = !bundle.IsEmpty,
            Erased = input is { HasBundle: true, Bundle.Erased: true },
        };
    }

    private static VerificationInput Read(ReadOnlyMemory<byte> certificate, ReadOnlyMemory<byte> bundle, VerifierKeys keys, VerificationOptions options)
    {
        if (bundle.IsEmpty)
        {
            return new VerificationInput(CertificateJson.Parse(certificate.Span), null, keys, options);
        }

        if (bundle.Length > BundleLengthMax)
        {
            throw new FormatException($"A bundle has at most {BundleLengthMax} bytes; this one has {bundle.Length}.");
        }

        using var document = StrictJson.Parse(bundle.Span);
        var read = ProofBundle.Read(document.Root("bundle"));
        if (!certificate.IsEmpty)
        {
            using var given = StrictJson.Parse(certificate.Span);
            if (!given.Canonical.Span.SequenceEqual(read.CertificateCanonical.Span))
            {
                throw new FormatException("The certificate is not the one of the bundle.");
            }
        }

        return new VerificationInput(read.Certificate, read, keys, options);
    }

    /// <summary>Whatever hostile input makes a reader throw is a failed step, with the reader's words.</summary>
    private static VerificationStep Run(string name, Func<StepResult> check)
    {
        try
        {
            var (outcome, explanation) = check();
            return new VerificationStep(name, outcome, explanation);
        }
        catch (Exception exception) when (exception is FormatException or CedarException or JsonException or ArgumentException
            or InvalidOperationException or KeyNotFoundException or OverflowException)
        {
            var message = exception.Message;
            var end = message.AsSpan().IndexOfAny('\r', '\n');
            return new VerificationStep(name, StepOutcome.Failed, end < 0 ? message : message[..end]);
        }
    }
}

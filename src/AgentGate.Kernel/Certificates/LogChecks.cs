using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Kernel.Certificates;

/// <summary>The steps that find the decision in the log.</summary>
internal static class LogChecks
{
    public static StepResult Entry(VerificationInput input)
    {
        var (certificate, bundle) = (input.Certificate, input.Bundle);
        var entry = LogEntryParser.Parse(bundle.Entry.Span);
        var body = entry.Body;
        var fault = body.Version != LogEntryBody.CurrentVersion ? "the entry is of a version that names no certificates"
            : body.Tenant != certificate.Tenant || body.CallId != certificate.CallId || body.DecisionId != certificate.DecisionId ? "the entry is about another decision"
            : body.CertificateHash != certificate.Hash ? "the entry names another certificate"
            : body.Decision is { } decision && decision != certificate.Decision ? "the entry records another decision"
            : entry.Seq - 1 != certificate.Seal.LogIndex || bundle.EntryIndex != certificate.Seal.LogIndex ? "the entry stands at another place than the certificate says"
            : null;
        return fault is null
            ? StepResult.Ok(string.Create(CultureInfo.InvariantCulture, $"entry {entry.Seq} ({LogEntryWords.Of(body.Kind)}) names this certificate"))
            : StepResult.Failed(fault);
    }

    public static StepResult Inclusion(VerificationInput input)
    {
        if (!TryRead(input.Bundle, out _, out var checkpoint, out var error))
        {
            return StepResult.Failed($"the checkpoint cannot be read: {error}");
        }

        var leaf = MerkleHash.Leaf(input.Bundle.Entry.Span);
        return MerkleProof.VerifyInclusion(leaf, input.Bundle.EntryIndex, checkpoint.Size, input.Bundle.EntryPath.Span, checkpoint.Root.Span)
            ? StepResult.Ok(string.Create(CultureInfo.InvariantCulture, $"the entry is leaf {input.Bundle.EntryIndex} of the log's {checkpoint.Size}"))
            : StepResult.Failed("the entry is not in the tree of the checkpoint");
    }

    public static StepResult Checkpoint(VerificationInput input)
    {
        if (!TryRead(input.Bundle, out var note, out var checkpoint, out var error))
        {
            return StepResult.Failed($"the checkpoint cannot be read: {error}");
        }

        if (checkpoint.Origin != input.Certificate.Seal.Origin)
        {
            return StepResult.Failed("the checkpoint is of another log");
        }

        // A server has one name and a log for each tenant: without the tenant here, a second log of it could hold another history of this one.
        var signers = input.Keys.Keys
            .Where(key => key.Roles.Contains(KeyRole.Checkpoints) && key.Name is { } name && LogOrigin.Of(name, input.Certificate.Tenant) == checkpoint.Origin)
            .Select(key => NoteKey.ForLog(checkpoint.Origin, key.Key))
            .ToList();
        if (signers.Count == 0)
        {
            return StepResult.Failed(input.Keys.Problem ?? "the origin is not a known server's name and the certificate's tenant");
        }

        return note.Verify(signers, out var verified)
            ? StepResult.Ok($"{verified[0].Key.Key.Id} signed it for {checkpoint.Origin}")
            : StepResult.Failed("no known key of this log signed it, or a signature in its name is wrong");
    }

    public static StepResult Witnesses(VerificationInput input)
    {
        if (input.Options.Witnesses is not { } policy)
        {
            return StepResult.Skipped("no witnesses are demanded (--witness-policy)");
        }

        if (!input.HasBundle)
        {
            return StepResult.Failed("witnesses are demanded (--witness-policy), and without a bundle nothing shows who cosigned (--bundle)");
        }

        if (!TryRead(input.Bundle, out var note, out _, out var error))
        {
            return StepResult.Failed($"the checkpoint cannot be read: {error}");
        }

        var found = policy.Cosignatures(note).Count;
        var words = string.Create(CultureInfo.InvariantCulture, $"{found} of {policy.Witnesses.Count} witnesses cosigned the checkpoint, {policy.Quorum} are demanded");
        return found >= policy.Quorum ? StepResult.Ok(words) : StepResult.Failed(words);
    }

    private static bool TryRead(
        ProofBundle bundle, [NotNullWhen(true)] out SignedNote? note, [NotNullWhen(true)] out Checkpoint? checkpoint, [NotNullWhen(false)] out string? error)
    {
        checkpoint = null;
        return SignedNote.TryParse(bundle.Checkpoint.Span, out note, out error) && Transparency.Checkpoint.TryParse(note.Text.Span, out checkpoint, out error);
    }
}

using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Plans;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;

namespace AgentGate.Plans;

/// <summary>
/// Verifies plans, and puts what was found on record: each evaluated step has a certificate and an entry. Nothing is done, reserved
/// or restored. Thread-safe.
/// </summary>
internal sealed class PlanEvaluator(
    IAdmissibilityQuestions questions,
    IDecisionRecorder recorder,
    IIdSource ids,
    TimeProvider time,
    string durability,
    IAttestedFacts? attested = null,
    IEnumerable<IFactSource>? sources = null,
    INameScreen? names = null) : IPlanEvaluator
{
    public async ValueTask<PlanVerification> VerifyAsync(
        Principal principal, CallContext context, IReadOnlyList<PlanStep> steps, PlanTier tier, CancellationToken cancellationToken)
    {
        var planId = ids.NewId();
        var epoch = questions.EpochOf(principal.Tenant);
        var records = new List<ImmutableArray<Attestation>>();
        var world = new GatePlanWorld(questions, epoch, principal, context, planId, records);
        var facts = PlanState.Initial;
        foreach (var step in steps.Take(tier.Bound()))
        {
            var isEffect = step.Action is { } action && GateActions.Effects.Contains(action);
            var call = world.CallOf(step, PlanState.Initial, isEffect, out _);
            records.Add(call is null || attested is null ? [] : await attested.OfAsync(call, new CallScope(), cancellationToken));

            // What the operator's records say is asked once, before the first step; from there on the plan's own effects change it.
            if (records.Count == 1 && call is not null && sources is not null)
            {
                foreach (var source in sources)
                {
                    facts = facts.After(new PlanEffects { AddFacts = await source.FactsOfAsync(call, cancellationToken) });
                }
            }
        }

        var result = PlanVerifier.Verify(steps, tier, world, facts);
        var certified = result.Steps.Select(step => Certify(principal, context, planId, step, world)).ToArray();

        // Queued in order and waited for together, so that one durable write and one signature serve the whole plan.
        var appended = certified.Select(record => recorder.AppendAsync(record, cancellationToken).AsTask()).ToArray();
        var seals = await Task.WhenAll(appended);
        return new PlanVerification(planId, result, [.. certified.Zip(seals, Issued)]);
    }

    private static IssuedCertificate Issued(DecisionRecord record, CertificateSeal? seal)
        => new(record.Certificate!, seal ?? throw new InvalidOperationException("The recorder signed nothing, so there is no certificate to give."));

    private DecisionRecord Certify(Principal principal, CallContext context, string planId, PlanStepResult step, GatePlanWorld world)
    {
        var (decision, code) = step.IsAdmissible ? (DecisionKind.Allow, null) : (DecisionKind.Deny, Codes.Inadmissible);
        var nonce = ids.Hex(DecisionRandom.NonceBytes);
        var digest = step.Moment is null ? null : Digest(step.Step);
        var at = time.GetUtcNow() is var now && now < context.At ? context.At : now;
        var (bound, evidence) = step.Moment is null ? (null, Nothing(principal, decision, at)) : Bind(step, world.EpochOf(step.Index), nonce, digest!, decision, at);
        CertificateDraft draft;
        try
        {
            draft = CertificateBody.Write(new CertificateContent
            {
                DecisionId = ids.NewId(),
                CallId = planId,
                Tenant = principal.Tenant,
                Mode = CertificateMode.Counterfactual,
                Decision = decision,
                Code = code,
                Proof = step.Proof,
                Alpha = bound,
                AlphaHash = evidence.AlphaHash,
                GammaHash = evidence.GammaHash,
                PolicySetHash = evidence.Epoch?.Knowledge.PolicySetHash,
                ContentDigest = digest,
                Nonce = nonce,
                Durability = durability,
                CreatedAt = at,
                Validity = (evidence.Epoch ?? questions.EpochOf(principal.Tenant)).Knowledge.Settings.Validity,
            });
        }
        catch (FormatException unfit)
        {
            throw new PlanRefusedException($"Step {step.Index} holds what no certificate can: {unfit.Message}", unfit) { Field = $"steps[{step.Index}]" };
        }

        var entry = new LogEntryBody
        {
            Id = ids.NewId(),
            Kind = EntryKind.Evaluation,
            At = at,
            Tenant = principal.Tenant,
            CallId = planId,
            Door = GatePlanWorld.Door,
            Principal = principal.Id,
            Action = step.Step.Action is { } action && (GateActions.All.Contains(action) || GateActions.Effects.Contains(action)) ? action : null,
            Resource = OnRecord(step.Step),
            Decision = decision,
            Code = code,
            ContentDigest = digest,
            DecisionId = draft.DecisionId,
            CertificateHash = draft.Hash,
        };
        return new DecisionRecord(entry) { Certificate = draft, Evidence = evidence };
    }

    private (Alpha Bound, DecisionEvidence Evidence) Bind(
        PlanStepResult step, KnowledgeEpoch epoch, string nonce, string digest, DecisionKind decision, DateTimeOffset at)
    {
        var alpha = step.Moment!.Alpha with { ContentDigest = digest, Nonce = nonce, Salt = ids.Hex(DecisionRandom.SaltBytes) };
        byte[] bytes;
        try
        {
            bytes = AlphaJson.Write(alpha);
        }
        catch (FormatException unfit)
        {
            throw new PlanRefusedException($"Step {step.Index} holds what no certificate can: {unfit.Message}", unfit) { Field = $"steps[{step.Index}]" };
        }

        var chain = ChainFacts.Write(alpha.DelegationRef, epoch.Knowledge.Grants);
        return (alpha, new DecisionEvidence(
            alpha.Principal, bytes, AlphaJson.Hash(bytes), epoch.GammaHash, step.IsAdmissible ? AdmissibilityResult.Admissible : AdmissibilityResult.Inadmissible, chain)
        {
            Bound = alpha, Epoch = epoch, Decision = decision, At = at,
        });
    }

    private static DecisionEvidence Nothing(Principal principal, DecisionKind decision, DateTimeOffset at)
        => new(principal.Id, default, null, null, AdmissibilityResult.NotEvaluated, default) { Decision = decision, At = at };

    /// <summary>The step as it was asked about, under a salt that is kept nowhere: the certificate fits this very question and gives nothing away.</summary>
    private string Digest(PlanStep step)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> salt = stackalloc byte[DecisionRandom.SaltBytes];
        ids.Fill(salt);
        hash.AppendData(salt);
        foreach (var text in (string?[])[step.Action, step.Resource?.Type, step.Resource?.Id, step.Tool, step.DelegationRef,
            .. step.Effects.AddFacts.Select(static word => "+" + word), .. step.Effects.RemoveFacts.Select(static word => "-" + word),
            .. step.Effects.Revokes.Select(static word => "!" + word), .. step.Effects.Attests.Select(static word => "=" + word)])
        {
            var bytes = Encoding.UTF8.GetBytes(text ?? "");
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }

        hash.AppendData(step.Arguments.Span);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The name of a model or tool may stand in an entry; what a tool does something to is content, and α alone has it.</summary>
    private EntityRef? OnRecord(PlanStep step)
        => step is { Action: { } action, Resource: { } resource } && GateActions.All.Contains(action) && resource.Type == GatePlanWorld.TypeOf(action)
            && names?.MayGoOnRecord(resource.Id) != false ? resource : null;
}

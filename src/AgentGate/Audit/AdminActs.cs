using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;

namespace AgentGate.Audit;

/// <summary>Puts administrative acts on record. Thread-safe.</summary>
internal sealed class AdminActs(IDecisionRecorder recorder, TimeProvider time, IIdSource ids)
{
    /// <summary>A log was verified.</summary>
    public const string LogVerified = "audit.verify";

    /// <summary>A log was exported.</summary>
    public const string LogExported = "audit.export";

    /// <summary>The log can be written again after it could not.</summary>
    public const string LogRecovered = "audit.recovered";

    /// <summary>An API key was made.</summary>
    public const string KeyCreated = "key.create";

    /// <summary>An API key was revoked.</summary>
    public const string KeyRevoked = "key.revoke";

    /// <summary>Records an act in the log of the principal's tenant.</summary>
    /// <param name="principal">Who acted.</param>
    /// <param name="act">What was done, one of the constants.</param>
    /// <param name="resource">What it was done to, if anything in particular.</param>
    /// <param name="detail">A remark from a fixed vocabulary.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    public async ValueTask RecordAsync(Principal principal, string act, EntityRef? resource, string? detail, CancellationToken cancellationToken)
        => await recorder.AppendAsync(
            new DecisionRecord(new LogEntryBody
            {
                Id = ids.NewId(),
                Kind = EntryKind.Admin,
                At = time.GetUtcNow(),
                Tenant = principal.Tenant,
                Principal = principal.Id,
                Action = act,
                Resource = resource,
                Detail = detail,
            }),
            cancellationToken);
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentGate.Storage.Guardrails;

/// <summary>
/// What one rule of a guardrail remembers of one scope: calls that still count, and the state of a state machine. EF Core makes the table;
/// the stores read and write it under a lock, as one step.
/// </summary>
internal sealed class GuardrailTrackRow : IEntityTypeConfiguration<GuardrailTrackRow>
{
    /// <summary>Whose calls are counted; ":all" where all tenants share a count.</summary>
    public string Tenant { get; set; } = string.Empty;

    /// <summary>The set of rules, in front of it whether it is enforced or watched.</summary>
    public string Guardrail { get; set; } = string.Empty;

    /// <summary>The rule of the set.</summary>
    public string Rule { get; set; } = string.Empty;

    /// <summary>Whose track: words and pseudonyms, digests of what callers chose.</summary>
    public string Scope { get; set; } = string.Empty;

    /// <summary>JSON.</summary>
    public string Body { get; set; } = string.Empty;

    /// <summary>Milliseconds since 1970 (UTC) from when on the track says nothing any more.</summary>
    public long ExpiresAt { get; set; }

    public void Configure(EntityTypeBuilder<GuardrailTrackRow> builder)
    {
        builder.ToTable("guardrail_tracks");
        builder.HasKey(r => new { r.Tenant, r.Guardrail, r.Rule, r.Scope });
        builder.HasIndex(r => r.ExpiresAt);
        builder.Property(r => r.Tenant).HasColumnName("tenant");
        builder.Property(r => r.Guardrail).HasColumnName("guardrail");
        builder.Property(r => r.Rule).HasColumnName("rule");
        builder.Property(r => r.Scope).HasColumnName("scope");
        builder.Property(r => r.Body).HasColumnName("body");
        builder.Property(r => r.ExpiresAt).HasColumnName("expires_at");
    }
}

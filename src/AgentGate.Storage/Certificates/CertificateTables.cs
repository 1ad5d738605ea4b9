using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentGate.Storage.Certificates;

/// <summary>A certificate with the columns it is found by. Written by the log's appender; EF Core makes the table.</summary>
internal sealed class CertificateRow : IEntityTypeConfiguration<CertificateRow>
{
    public string Tenant { get; set; } = string.Empty;

    public string DecisionId { get; set; } = string.Empty;

    public string CallId { get; set; } = string.Empty;

    /// <summary>The number of the entry that names it.</summary>
    public long Seq { get; set; }

    /// <summary>Milliseconds since 1970 (UTC).</summary>
    public long CreatedAt { get; set; }

    public string Result { get; set; } = string.Empty;

    public string Decision { get; set; } = string.Empty;

    public string? AlphaHash { get; set; }

    public string? GammaHash { get; set; }

    public string TheoremHash { get; set; } = string.Empty;

    public string Principal { get; set; } = string.Empty;

    /// <summary>The body's canonical bytes.</summary>
    public byte[] Body { get; set; } = [];

    /// <summary>Signature and place: JSON.</summary>
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<CertificateRow> builder)
    {
        builder.ToTable("certificates");
        builder.HasKey(r => new { r.Tenant, r.DecisionId });
        builder.HasIndex(r => new { r.Tenant, r.CreatedAt });
        builder.HasIndex(r => new { r.Tenant, r.AlphaHash });
        builder.Property(r => r.Tenant).HasColumnName("tenant");
        builder.Property(r => r.DecisionId).HasColumnName("decision_id");
        builder.Property(r => r.CallId).HasColumnName("call_id");
        builder.Property(r => r.Seq).HasColumnName("seq");
        builder.Property(r => r.CreatedAt).HasColumnName("created_at");
        builder.Property(r => r.Result).HasColumnName("result");
        builder.Property(r => r.Decision).HasColumnName("decision");
        builder.Property(r => r.AlphaHash).HasColumnName("alpha_hash");
        builder.Property(r => r.GammaHash).HasColumnName("gamma_hash");
        builder.Property(r => r.TheoremHash).HasColumnName("theorem_hash");
        builder.Property(r => r.Principal).HasColumnName("principal");
        builder.Property(r => r.Body).HasColumnName("body");
        builder.Property(r => r.Seal).HasColumnName("seal");
    }
}

/// <summary>α and the facts of a decision, encrypted under its principal's key.</summary>
internal sealed class EvidenceRow : IEntityTypeConfiguration<EvidenceRow>
{
    public string Tenant { get; set; } = string.Empty;

    public string DecisionId { get; set; } = string.Empty;

    public string Principal { get; set; } = string.Empty;

    public string KeyId { get; set; } = string.Empty;

    public byte[] Ciphertext { get; set; } = [];

    public void Configure(EntityTypeBuilder<EvidenceRow> builder)
    {
        builder.ToTable("evidence");
        builder.HasKey(r => new { r.Tenant, r.DecisionId });
        builder.Property(r => r.Tenant).HasColumnName("tenant");
        builder.Property(r => r.DecisionId).HasColumnName("decision_id");
        builder.Property(r => r.Principal).HasColumnName("principal");
        builder.Property(r => r.KeyId).HasColumnName("key_id");
        builder.Property(r => r.Ciphertext).HasColumnName("ciphertext");
    }
}

/// <summary>The key of a principal's evidence, wrapped. Deleting the row erases what it encrypted.</summary>
internal sealed class SubjectKeyRow : IEntityTypeConfiguration<SubjectKeyRow>
{
    public string Tenant { get; set; } = string.Empty;

    public string Principal { get; set; } = string.Empty;

    public string KeyId { get; set; } = string.Empty;

    public byte[] WrappedKey { get; set; } = [];

    public void Configure(EntityTypeBuilder<SubjectKeyRow> builder)
    {
        builder.ToTable("subject_keys");
        builder.HasKey(r => new { r.Tenant, r.Principal });
        builder.Property(r => r.Tenant).HasColumnName("tenant");
        builder.Property(r => r.Principal).HasColumnName("principal");
        builder.Property(r => r.KeyId).HasColumnName("key_id");
        builder.Property(r => r.WrappedKey).HasColumnName("wrapped_key");
    }
}

/// <summary>What was in force: Γ and the settings, once per epoch.</summary>
internal sealed class KnowledgeRow : IEntityTypeConfiguration<KnowledgeRow>
{
    public string Tenant { get; set; } = string.Empty;

    public string GammaHash { get; set; } = string.Empty;

    public byte[] Gamma { get; set; } = [];

    public byte[] Settings { get; set; } = [];

    public string PolicySetHash { get; set; } = string.Empty;

    public void Configure(EntityTypeBuilder<KnowledgeRow> builder)
    {
        builder.ToTable("knowledge");
        builder.HasKey(r => new { r.Tenant, r.GammaHash });
        builder.Property(r => r.Tenant).HasColumnName("tenant");
        builder.Property(r => r.GammaHash).HasColumnName("gamma_hash");
        builder.Property(r => r.Gamma).HasColumnName("gamma");
        builder.Property(r => r.Settings).HasColumnName("settings");
        builder.Property(r => r.PolicySetHash).HasColumnName("policy_set_hash");
    }
}

/// <summary>A policy set that decided something, once.</summary>
internal sealed class PolicySetRow : IEntityTypeConfiguration<PolicySetRow>
{
    public string Hash { get; set; } = string.Empty;

    /// <summary>The array of policies as bundles hold it.</summary>
    public byte[] Policies { get; set; } = [];

    public void Configure(EntityTypeBuilder<PolicySetRow> builder)
    {
        builder.ToTable("policy_sets");
        builder.HasKey(r => r.Hash);
        builder.Property(r => r.Hash).HasColumnName("hash");
        builder.Property(r => r.Policies).HasColumnName("policies");
    }
}

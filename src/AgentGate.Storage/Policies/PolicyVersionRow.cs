using AgentGate.Policies.Versions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentGate.Storage.Policies;

/// <summary>A version of a tenant's policies. Times are milliseconds since 1970 (UTC).</summary>
internal sealed class PolicyVersionRow : IEntityTypeConfiguration<PolicyVersionRow>
{
    public const string Draft = "draft";
    public const string Shadow = "shadow";
    public const string Active = "active";
    public const string Retired = "retired";

    public string Tenant { get; set; } = string.Empty;

    public int Number { get; set; }

    public string Status { get; set; } = Draft;

    public int Revision { get; set; }

    public string Text { get; set; } = string.Empty;

    public string TextHash { get; set; } = string.Empty;

    public string? SetHash { get; set; }

    public int Errors { get; set; }

    public int Warnings { get; set; }

    public string Note { get; set; } = string.Empty;

    public string Author { get; set; } = string.Empty;

    public long CreatedAt { get; set; }

    public long ChangedAt { get; set; }

    public long? ActivatedAt { get; set; }

    public void Put(string text, PolicyText facts, PolicyAct act)
    {
        Revision++;
        ChangedAt = act.At.ToUnixTimeMilliseconds();
        (Text, TextHash, SetHash) = (text, facts.TextHash, facts.SetHash);
        (Errors, Warnings, Note) = (facts.Errors, facts.Warnings, facts.Note);
    }

    public PolicyVersion ToVersion() => new()
    {
        Tenant = Tenant,
        Number = Number,
        Status = Status switch
        {
            Draft => PolicyVersionStatus.Draft,
            Shadow => PolicyVersionStatus.Shadow,
            Active => PolicyVersionStatus.Active,
            Retired => PolicyVersionStatus.Retired,
            _ => throw new InvalidOperationException($"The store holds a version of the unknown status \"{Status}\"."),
        },
        Revision = Revision,
        Facts = new PolicyText(TextHash, SetHash, Errors, Warnings, Note),
        Author = Author,
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
        ChangedAt = DateTimeOffset.FromUnixTimeMilliseconds(ChangedAt),
        ActivatedAt = ActivatedAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
    };

    public void Configure(EntityTypeBuilder<PolicyVersionRow> builder)
    {
        builder.ToTable("policy_versions", table => table.HasCheckConstraint(
            "CK_policy_versions_status", $"status IN ('{Draft}', '{Shadow}', '{Active}', '{Retired}')"));
        builder.HasKey(r => new { r.Tenant, r.Number });

        // The database itself keeps one active and one shadow version per tenant, whoever writes.
        builder.HasIndex(r => r.Tenant, "UX_policy_versions_active").IsUnique().HasFilter($"status = '{Active}'");
        builder.HasIndex(r => r.Tenant, "UX_policy_versions_shadow").IsUnique().HasFilter($"status = '{Shadow}'");
        builder.Property(r => r.Tenant).HasColumnName("tenant");
        builder.Property(r => r.Number).HasColumnName("number");
        builder.Property(r => r.Status).HasColumnName("status");
        builder.Property(r => r.Revision).HasColumnName("revision");
        builder.Property(r => r.Text).HasColumnName("text");
        builder.Property(r => r.TextHash).HasColumnName("text_hash");
        builder.Property(r => r.SetHash).HasColumnName("set_hash");
        builder.Property(r => r.Errors).HasColumnName("errors");
        builder.Property(r => r.Warnings).HasColumnName("warnings");
        builder.Property(r => r.Note).HasColumnName("note");
        builder.Property(r => r.Author).HasColumnName("author");
        builder.Property(r => r.CreatedAt).HasColumnName("created_at");
        builder.Property(r => r.ChangedAt).HasColumnName("changed_at");
        builder.Property(r => r.ActivatedAt).HasColumnName("activated_at");
    }
}

using System.Collections.Immutable;
using AgentGate.Cedar.Syntax;
using AgentGate.Diagnostics;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging;

namespace AgentGate.Policies.Versions;

/// <summary>
/// Puts the stored versions in force when a server starts, and when another server changed them. A stored version that cannot judge any more denies everything
/// for its tenant, and the server says so and is not ready: a set that was decided on is never quietly replaced.
/// </summary>
internal sealed partial class StoredPolicies(IPolicyVersions versions, PolicyRegistry registry, ILogger<StoredPolicies> logger, ApprovalsInstalled? approvals = null)
    : IReadiness, IFollowChanges
{
    private volatile string? _broken;

    /// <summary>The versions of the start that are passed over, per tenant, until another one comes into force. Read and written in turn.</summary>
    private ImmutableDictionary<string, (int Number, DateTimeOffset? ActivatedAt)> _passedOver =
        ImmutableDictionary.Create<string, (int Number, DateTimeOffset? ActivatedAt)>(StringComparer.Ordinal);

    /// <summary>What a set is called in decisions that stands for one which cannot judge.</summary>
    public const string BrokenVersion = "unusable";

    public string? NotReadyBecause => _broken;

    public string Topic => ChangeTopics.Policies;

    /// <summary>Loads what is in force.</summary>
    /// <param name="ignore">Whether the stored versions are passed over: the way back in for who locked themselves out.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task LoadAsync(bool ignore, CancellationToken cancellationToken)
    {
        using var turn = await registry.Turn.TakeAsync(cancellationToken);
        var documents = await versions.ReadInForceAsync(cancellationToken);
        if (!ignore)
        {
            Apply(documents);
            return;
        }

        foreach (var (version, _) in documents.Where(document => document.Version.Status == PolicyVersionStatus.Active))
        {
            Log.Ignored(logger, version.Tenant, version.Id);
            _passedOver = _passedOver.SetItem(version.Tenant, (version.Number, version.ActivatedAt));
        }
    }

    public async Task ReloadAsync(CancellationToken cancellationToken)
    {
        using var turn = await registry.Turn.TakeAsync(cancellationToken);
        Apply(await versions.ReadInForceAsync(cancellationToken));
    }

    private void Apply(IReadOnlyList<PolicyDocument> documents)
    {
        string? broken = null;
        var inForce = ImmutableDictionary.CreateBuilder<string, ActivePolicies>(StringComparer.Ordinal);
        foreach (var tenant in documents.GroupBy(document => document.Version.Tenant, StringComparer.Ordinal))
        {
            var (now, active) = (registry.Current(tenant.Key), tenant.FirstOrDefault(document => document.Version.Status == PolicyVersionStatus.Active));
            var policies = active is null || IsPassedOver(active.Version) ? registry.Configured : Load(active, now) ?? Unusable(active.Version, out broken);

            // A shadow enforces nothing, so a broken one only ends.
            var shadow = tenant.FirstOrDefault(document => document.Version.Status == PolicyVersionStatus.Shadow) is { } beside ? Load(beside, now.Shadow) : null;
            if (ReferenceEquals(policies.Authorizer, now.Authorizer) && policies.Version == now.Version && ReferenceEquals(shadow, now.Shadow))
            {
                inForce[tenant.Key] = now;
            }
            else if (shadow is not null || !ReferenceEquals(policies, registry.Configured))
            {
                inForce[tenant.Key] = policies with { Shadow = shadow };
            }
        }

        _passedOver = _passedOver.RemoveRange(_passedOver.Keys.Where(
            tenant => !documents.Any(document => document.Version.Status == PolicyVersionStatus.Active && document.Version.Tenant == tenant && IsPassedOver(document.Version))));
        registry.SetAll(inForce.ToImmutable());
        _broken = broken;
    }

    private bool IsPassedOver(PolicyVersion version)
        => _passedOver.TryGetValue(version.Tenant, out var passed) && passed == (version.Number, version.ActivatedAt);

    /// <summary>A stored set, ready to judge; what is in force already is not compiled again. <see langword="null"/> where it cannot judge.</summary>
    private ActivePolicies? Load(PolicyDocument document, ActivePolicies? now)
    {
        var (version, text) = document;
        var problem = "its text is not the one that was stored";
        if (PolicyCheck.HashOf(text) == version.Facts.TextHash)
        {
            if (now is not null && now.Version == version.Id && now.Hash == version.Facts.SetHash)
            {
                return now;
            }

            var check = PolicyCheck.Of(text, approvals is not null);
            if (check.IsValid)
            {
                return ActivePolicies.Of(version.Id, check.Policies!);
            }

            problem = check.Findings[0].Diagnostic.Message;
        }

        Log.Broken(logger, version.Tenant, version.Id, version.Status, problem);
        return null;
    }

    private static ActivePolicies Unusable(PolicyVersion version, out string broken)
    {
        broken = $"{Codes.StoredPoliciesBroken}: the policies in force ({version.Id}) cannot be used any more, so everything is denied";
        return ActivePolicies.Of(BrokenVersion, PolicySet.Empty);
    }

    private static partial class Log
    {
        [LoggerMessage(1236, LogLevel.Critical, Codes.StoredPoliciesBroken + ": the stored policies {Version} ({Status}) of the tenant {Tenant} cannot be used: {Problem}. What they would permit is denied; AgentGate:Policies:IgnoreStored starts with the configured ones.")]
        public static partial void Broken(ILogger logger, string tenant, string version, PolicyVersionStatus status, string problem);

        [LoggerMessage(1237, LogLevel.Warning, Codes.StoredPoliciesIgnored + ": the stored policies {Version} of the tenant {Tenant} are passed over because AgentGate:Policies:IgnoreStored says so; the configured ones are in force.")]
        public static partial void Ignored(ILogger logger, string tenant, string version);
    }
}

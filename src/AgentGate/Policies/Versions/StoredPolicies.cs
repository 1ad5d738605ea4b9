using AgentGate.Cedar.Syntax;
using AgentGate.Diagnostics;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging;

namespace AgentGate.Policies.Versions;

/// <summary>
/// Puts the stored versions in force when a server starts. A stored version that cannot judge any more denies everything
/// for its tenant, and the server says so and is not ready: a set that was decided on is never quietly replaced.
/// </summary>
internal sealed partial class StoredPolicies(IPolicyVersions versions, PolicyRegistry registry, ILogger<StoredPolicies> logger, ApprovalsInstalled? approvals = null)
    : IReadiness
{
    private volatile string? _broken;

    /// <summary>What a set is called in decisions that stands for one which cannot judge.</summary>
    public const string BrokenVersion = "unusable";

    public string? NotReadyBecause => _broken;

    /// <summary>Loads what is in force.</summary>
    /// <param name="ignore">Whether the stored versions are passed over: the way back in for who locked themselves out.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task LoadAsync(bool ignore, CancellationToken cancellationToken)
    {
        var documents = await versions.ReadInForceAsync(cancellationToken);
        if (ignore)
        {
            foreach (var (version, _) in documents.Where(document => document.Version.Status == PolicyVersionStatus.Active))
            {
                Log.Ignored(logger, version.Tenant, version.Id);
            }

            return;
        }

        foreach (var (version, text) in documents.Where(document => document.Version.Status == PolicyVersionStatus.Active))
        {
            registry.Set(version.Tenant, Load(version, text) ?? Unusable(version));
        }

        foreach (var (version, text) in documents.Where(document => document.Version.Status == PolicyVersionStatus.Shadow))
        {
            // A shadow enforces nothing, so a broken one only ends.
            registry.SetShadow(version.Tenant, Load(version, text));
        }
    }

    private ActivePolicies? Load(PolicyVersion version, string text)
    {
        var problem = "its text is not the one that was stored";
        if (PolicyCheck.HashOf(text) == version.Facts.TextHash)
        {
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

    private ActivePolicies Unusable(PolicyVersion version)
    {
        _broken = $"{Codes.StoredPoliciesBroken}: the policies in force ({version.Id}) cannot be used any more, so everything is denied";
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

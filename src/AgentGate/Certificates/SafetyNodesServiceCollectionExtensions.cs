using AgentGate.Certificates;
using AgentGate.Pipeline;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Installs the asking of safety nodes. What carries the questions is the host's.</summary>
internal static class SafetyNodesServiceCollectionExtensions
{
    public static void AddSafetyNodes(this IServiceCollection services)
    {
        services.TryAddSingleton<ISafetyNodeStore, InMemorySafetyNodeStore>();
        services.TryAddSingleton(provider => new SafetyNodes(
            provider.GetRequiredService<ISafetyNodeStore>(), provider.GetRequiredService<IOptions<SafetyNodeOptions>>().Value));
        services.AddSingleton<IFollowChanges>(static provider => provider.GetRequiredService<SafetyNodes>());
        services.TryAddSingleton<INodeKeys>(static provider => provider.GetRequiredService<SafetyNodes>());
        services.TryAddSingleton<SafetyNodeActs>();
        services.TryAddSingleton<ISafetyQuorum>(provider => new SafetyQuorum(
            provider.GetRequiredService<SafetyNodes>(),
            provider.GetRequiredService<ISafetyNodeTransport>(),
            provider.GetRequiredService<IDecisionRecorder>(),
            provider.GetRequiredService<IOptions<SafetyNodeOptions>>().Value,
            provider.GetRequiredService<IIdSource>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetService<ILogger<SafetyQuorum>>() ?? NullLogger<SafetyQuorum>.Instance));
    }

    /// <summary>What is wrong with the options, one sentence each.</summary>
    internal static IEnumerable<string> Faults(SafetyNodeOptions options)
    {
        if (options.Votes is < 0 or > SafetyNodes.NodesMax)
        {
            yield return $"AgentGate:SafetyNodes:Votes must be from 0 to {SafetyNodes.NodesMax}.";
        }

        if (options.Deadline < TimeSpan.FromMilliseconds(100) || options.Deadline > TimeSpan.FromMinutes(1))
        {
            yield return "AgentGate:SafetyNodes:Deadline must be from 100 milliseconds to one minute.";
        }

        for (var i = 0; i < options.Nodes.Count; i++)
        {
            var node = options.Nodes[i];
            if (SafetyNodeReading.TryRead(node.NodeId, node.Url, node.PublicKey, options.AllowInsecure, out _) is { } fault)
            {
                var key = fault.Field switch { "node_id" => "NodeId", "url" => "Url", _ => "PublicKey" };
                yield return $"AgentGate:SafetyNodes:Nodes:{i}:{key} {fault.Why}.";
            }
        }

        if (options.Nodes.DistinctBy(static node => node.NodeId).Count() < options.Nodes.Count || options.Nodes.DistinctBy(static node => node.PublicKey).Count() < options.Nodes.Count)
        {
            yield return "AgentGate:SafetyNodes:Nodes: one node, one id, one key.";
        }
    }
}

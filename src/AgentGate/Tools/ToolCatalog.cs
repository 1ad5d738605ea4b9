using System.Collections.Concurrent;
using AgentGate.Pipeline;
using Microsoft.Extensions.Options;

namespace AgentGate.Tools;

/// <summary>The tools named in configuration and the ones an application governs in process. Thread-safe.</summary>
internal sealed class ToolCatalog(IOptions<ToolOptions> options) : IToolRegistry
{
    private readonly ConcurrentDictionary<string, bool> _registered = new(StringComparer.Ordinal);

    public bool IsInternal(string name)
        => _registered.GetValueOrDefault(name) || options.Value.Internal.Any(pattern => Wildcard.IsMatch(pattern, name, ignoreCase: false));

    public void Register(string name, bool isInternal) => _registered[name] = isInternal;
}

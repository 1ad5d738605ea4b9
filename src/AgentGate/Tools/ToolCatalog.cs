using System.Collections.Concurrent;
using AgentGate.Pipeline;
using Microsoft.Extensions.Options;

namespace AgentGate.Tools;

/// <summary>The tools named in configuration and the ones an application governs in process. Thread-safe.</summary>
internal sealed class ToolCatalog(IOptions<ToolOptions> options) : IToolRegistry
{
    private readonly ConcurrentDictionary<string, bool> _registered = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, IReadOnlyList<ToolArgument>> _declared = new(StringComparer.Ordinal);

    public bool IsInternal(string name)
        => _registered.GetValueOrDefault(name) || options.Value.Internal.Any(pattern => Wildcard.IsMatch(pattern, name, ignoreCase: false));

    public void Register(string name, bool isInternal) => _registered[name] = isInternal;

    public void Declare(string name, IReadOnlyList<ToolArgument> arguments) => _declared[name] = arguments;

    public IReadOnlyList<ToolArgument> ArgumentsOf(string name)
    {
        var own = _declared.GetValueOrDefault(name) ?? [];
        return options.Value.Arguments.Count == 0
            ? own
            : [
                .. own,
                .. options.Value.Arguments.Where(rule => Wildcard.IsMatch(rule.Tool, name, ignoreCase: false))
                    .Select(rule => new ToolArgument(rule.Argument, rule.Kind, rule.Base64)),
            ];
    }
}

using System.Collections.Concurrent;
using AgentGate.Pipeline;
using Microsoft.Extensions.Options;

namespace AgentGate.Tools;

/// <summary>The tools named in configuration and the ones an application governs in process. Thread-safe.</summary>
internal sealed class ToolCatalog(IOptions<ToolOptions> options) : IToolRegistry
{
    private readonly ConcurrentDictionary<string, bool> _registered = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, IReadOnlyList<ToolArgument>> _declared = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ToolDeclaration> _described = new(StringComparer.Ordinal);
    private int _changes;

    public int Changes => Volatile.Read(ref _changes);

    public bool IsInternal(string name)
        => _registered.GetValueOrDefault(name) || options.Value.Internal.Any(pattern => Wildcard.IsMatch(pattern, name, ignoreCase: false));

    public void Register(string name, bool isInternal)
    {
        _registered[name] = isInternal;
        Interlocked.Increment(ref _changes);
    }

    public void Declare(string name, IReadOnlyList<ToolArgument> arguments)
    {
        _declared[name] = arguments;
        Interlocked.Increment(ref _changes);
    }

    public void Describe(string name, ToolDeclaration declaration)
    {
        _described[name] = declaration;
        Interlocked.Increment(ref _changes);
    }

    public IReadOnlyList<ToolArgument> ArgumentsOf(string name)
    {
        var own = _declared.GetValueOrDefault(name) ?? [];
        return options.Value.Arguments.Count == 0
            ? own
            : [
                .. own,
                .. options.Value.Arguments.Where(rule => Fits(rule, name))
                    .Select(rule => new ToolArgument(rule.Argument, rule.Kind, rule.Base64) { Effects = [.. rule.Effects], Base = rule.Base }),
            ];
    }

    public ToolDeclaration? DeclarationOf(string name)
    {
        var rules = options.Value.Declared.Where(rule => Wildcard.IsMatch(rule.Tool, name, ignoreCase: true)).ToList();
        var arguments = ArgumentsOf(name);
        var described = _described.GetValueOrDefault(name);
        var isKnown = rules.Count > 0 || described is not null || _registered.ContainsKey(name) || _declared.ContainsKey(name);
        if (!isKnown && !arguments.Any(argument => argument.Effects.Count > 0))
        {
            return null;
        }

        var effects = rules.SelectMany(rule => rule.Effects).Concat(arguments.SelectMany(argument => argument.Effects)).Concat(described?.Effects ?? []);
        var groups = rules.SelectMany(rule => rule.Groups).Concat(described?.Groups ?? []);
        return new ToolDeclaration([.. Sorted(effects)], [.. Sorted(groups)]);
    }

    /// <summary>A line that makes an argument a resource fits whatever the case of the name: it must not be missed by a capital letter.</summary>
    private static bool Fits(ToolArgumentRule rule, string name) => Wildcard.IsMatch(rule.Tool, name, ignoreCase: rule.Effects.Count > 0);

    private static IEnumerable<string> Sorted(IEnumerable<string> words) => words.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
}

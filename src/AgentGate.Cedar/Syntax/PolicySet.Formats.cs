using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using AgentGate.Cedar.Formatting;

namespace AgentGate.Cedar.Syntax;

/// <content>Reading and writing the two formats.</content>
public sealed partial class PolicySet
{
    /// <summary>Reads policies and templates in Cedar syntax.</summary>
    /// <exception cref="PolicySyntaxException">The text does not parse; one diagnostic per policy that is wrong.</exception>
    public static PolicySet Parse(string text, PolicyIdSource ids = PolicyIdSource.Position)
        => TryParse(text, ids, out var set, out var diagnostics) ? set : throw new PolicySyntaxException(diagnostics);

    /// <summary>Reads policies and templates in Cedar syntax; <see langword="false"/> with at least one diagnostic when it does not parse.</summary>
    public static bool TryParse(
        string text, PolicyIdSource ids, [NotNullWhen(true)] out PolicySet? set, out ImmutableArray<CedarDiagnostic> diagnostics)
    {
        set = null;
        if (!PolicyParser.TryParsePolicies(text, out var parsed, out diagnostics))
        {
            return false;
        }

        var named = ImmutableArray.CreateBuilder<Policy>(parsed.Length);
        var repeated = ImmutableArray.CreateBuilder<CedarDiagnostic>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < parsed.Length; i++)
        {
            var annotated = ids == PolicyIdSource.IdAnnotation ? parsed[i].Annotations.FirstOrDefault(static annotation => annotation.Name == "id") : null;
            var id = annotated?.Value ?? string.Create(CultureInfo.InvariantCulture, $"policy{i}");
            named.Add(parsed[i].WithId(id));
            if (!taken.Add(id) && repeated.Count < 50)
            {
                repeated.Add(CedarDiagnostic.At(text, annotated?.Span ?? parsed[i].Span with { Length = 1 }, $"the policy id `{id}` is taken", "give each policy its own `@id`"));
            }
        }

        diagnostics = repeated.ToImmutable();
        set = diagnostics.IsEmpty ? Empty.AddRange(named) : null;
        return set is not null;
    }

    /// <summary>Reads the JSON policy set format (<c>staticPolicies</c>, <c>templates</c>, <c>templateLinks</c>).</summary>
    /// <exception cref="PolicySyntaxException">It is not that format.</exception>
    public static PolicySet ParseJson(ReadOnlySpan<byte> utf8Json) => PolicyJsonReader.Read(utf8Json, static (reader, root) => reader.PolicySetOf(root));

    /// <summary>The set in the JSON policy set format, UTF-8.</summary>
    public byte[] ToJson() => PolicyJsonWriter.Write(this);

    /// <summary>The policies and templates in Cedar syntax, formatted. Ids and links are not part of it.</summary>
    public override string ToString()
        => string.Join("\n", _policies.Where(policy => !_links.ContainsKey(policy.Id)).Concat(_templates).Select(PolicyFormatter.Format));
}

using System.Collections.Immutable;
using System.Text;

namespace AgentGate.Benchmarks.Differential;

/// <summary>A policy or template as text whose parts can be taken out one by one.</summary>
internal sealed record GenPolicy(string Id, string Effect, string Principal, string Action, string Resource)
{
    public ImmutableArray<string> Annotations { get; init; } = [];

    public ImmutableArray<(bool Unless, GenNode Body)> Conditions { get; init; } = [];

    public ImmutableArray<GenLink> Links { get; init; } = [];

    public bool IsTemplate => Principal.Contains("?principal", StringComparison.Ordinal) || Resource.Contains("?resource", StringComparison.Ordinal);

    /// <summary>All policies with something less.</summary>
    public IEnumerable<GenPolicy> Smaller()
    {
        if (!Annotations.IsEmpty)
        {
            yield return this with { Annotations = [] };
        }

        if (!IsTemplate)
        {
            foreach (var (principal, action, resource) in ((string, string, string)[])[("principal", Action, Resource), (Principal, "action", Resource), (Principal, Action, "resource")])
            {
                if ((principal, action, resource) != (Principal, Action, Resource))
                {
                    yield return this with { Principal = principal, Action = action, Resource = resource };
                }
            }
        }

        for (var i = 0; i < Links.Length; i++)
        {
            yield return this with { Links = Links.RemoveAt(i) };
        }

        for (var i = 0; i < Conditions.Length; i++)
        {
            yield return this with { Conditions = Conditions.RemoveAt(i) };
            foreach (var smaller in Conditions[i].Body.Smaller())
            {
                yield return this with { Conditions = Conditions.SetItem(i, (Conditions[i].Unless, smaller)) };
            }
        }
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var annotation in Annotations)
        {
            text.Append(annotation).Append('\n');
        }

        text.Append(Effect).Append('(').Append(Principal).Append(", ").Append(Action).Append(", ").Append(Resource).Append(')');
        foreach (var (unless, body) in Conditions)
        {
            text.Append(unless ? "\nunless { " : "\nwhen { ").Append(body).Append(" }");
        }

        return text.Append(';').ToString();
    }

    /// <summary>A link of a template; <see langword="null"/> where it has no slot.</summary>
    internal sealed record GenLink(string Id, (string Type, string Id)? Principal, (string Type, string Id)? Resource);
}

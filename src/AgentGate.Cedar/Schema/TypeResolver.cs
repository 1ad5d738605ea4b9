using System.Collections.Immutable;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Schema;

/// <summary>Resolves the types of a schema: common types are put in where they are named.</summary>
internal sealed class TypeResolver(SchemaNames names, SchemaProblems problems)
{
    private readonly Dictionary<string, SizedType> _common = new(StringComparer.Ordinal);

    /// <summary>Reports every name in a type that stands for nothing.</summary>
    public void CheckNames(NamespaceSyntax space, TypeSyntax? type)
    {
        switch (type)
        {
            case TypeSyntax.Reference reference when names.Find(space, reference.Name, reference.Kind) is null:
                names.AddUndeclared(space, reference.Name, reference.Kind, reference.Span);
                break;
            case TypeSyntax.Extension extension when BuiltInTypes.Extension(extension.Name) is null:
                var near = problems.IsFull ? null : NearestName.Find(extension.Name, BuiltInTypes.All.Where(known => known.Type is CedarType.ExtensionType).Select(known => known.Name));
                problems.Add(extension.Span, $"`{CedarText.Show(extension.Name)}` is no extension type", near is null ? "the extension types are `datetime`, `decimal`, `duration` and `ipaddr`" : $"did you mean `{near}`?");
                break;
            case TypeSyntax.Set set:
                CheckNames(space, set.Element);
                break;
            case TypeSyntax.Record record:
                foreach (var attribute in record.Attributes)
                {
                    CheckNames(space, attribute.Type);
                }

                break;
        }
    }

    /// <summary>Resolves the common types, each after those it names; reports circles. Needs every name to be declared.</summary>
    public void ResolveCommonTypes()
    {
        foreach (var (name, type) in BuiltInTypes.All)
        {
            _common[$"{BuiltInTypes.Namespace}::{name}"] = new SizedType(type, 1, 1);
            if (names.CommonTypes.TryGetValue(name, out var declared) && declared is null)
            {
                _common[name] = new SizedType(type, 1, 1);
            }
        }

        var waitingFor = new Dictionary<string, int>(StringComparer.Ordinal);
        var dependents = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var (name, declared) in names.CommonTypes)
        {
            if (declared is not { } common)
            {
                continue;
            }

            var needed = new HashSet<string>(StringComparer.Ordinal);
            CollectCommon(common.Space, common.Type.Type, needed);
            waitingFor[name] = needed.Count;
            foreach (var dependency in needed)
            {
                if (!dependents.TryGetValue(dependency, out var list))
                {
                    dependents[dependency] = list = [];
                }

                list.Add(name);
            }
        }

        var ready = new Queue<string>(waitingFor.Where(entry => entry.Value == 0).Select(entry => entry.Key));
        while (ready.TryDequeue(out var name))
        {
            var (space, type) = names.CommonTypes[name]!.Value;
            _common[name] = Measure(space, type.Type);
            waitingFor.Remove(name);
            foreach (var dependent in dependents.GetValueOrDefault(name, []))
            {
                if (--waitingFor[dependent] == 0)
                {
                    ready.Enqueue(dependent);
                }
            }
        }

        ReportCircles(waitingFor);
    }

    /// <summary>Resolves a type.</summary>
    public CedarType Resolve(NamespaceSyntax space, TypeSyntax type) => Measure(space, type).Type;

    /// <summary>Resolves a type that must be a record; no type stands for the record without attributes.</summary>
    public CedarType.RecordType ResolveRecord(NamespaceSyntax space, TypeSyntax? type, string what, SourceSpan span)
    {
        var resolved = type is null ? EmptyRecord : Resolve(space, type);
        if (resolved is CedarType.RecordType record)
        {
            return record;
        }

        problems.Add(type is { Span.Start: >= 0 } ? type.Span : span, $"{what} no record", "name a record, or write `{ ... }`");
        return EmptyRecord;
    }

    /// <summary>The record without attributes.</summary>
    private static CedarType.RecordType EmptyRecord { get; }
        = new(ImmutableSortedDictionary.Create<string, AttributeType>(StringComparer.Ordinal), isOpen: false);

    private SizedType Measure(NamespaceSyntax space, TypeSyntax type)
    {
        var measured = type switch
        {
            TypeSyntax.Primitive primitive => new SizedType(primitive.Type, 1, 1),
            TypeSyntax.Extension extension => new SizedType(BuiltInTypes.Extension(extension.Name)!, 1, 1),
            TypeSyntax.Reference reference => MeasureReference(space, reference),
            TypeSyntax.Set set when Measure(space, set.Element) is var element => new SizedType(new CedarType.SetType(element.Type), element.Depth + 1, element.Size + 1),
            TypeSyntax.Record record => MeasureRecord(space, record),
            _ => throw new InvalidOperationException("The set of types is closed."),
        };
        if (measured.IsWithinLimits)
        {
            return measured;
        }

        problems.Add(type.Span, "the type is too large once the common types are put in",
            $"a type has at most {CedarLimits.MaxTypeSize} parts, {CedarLimits.MaxDepth} deep");
        return new SizedType(CedarType.Never, 1, 1);
    }

    private SizedType MeasureReference(NamespaceSyntax space, TypeSyntax.Reference reference)
    {
        var (name, isCommon) = names.Find(space, reference.Name, reference.Kind)!.Value;
        return isCommon ? _common[name] : new SizedType(new CedarType.EntityType([EntityTypeName.Parse(name)]), 1, 1);
    }

    private SizedType MeasureRecord(NamespaceSyntax space, TypeSyntax.Record record)
    {
        var attributes = ImmutableSortedDictionary.CreateBuilder<string, AttributeType>(StringComparer.Ordinal);
        var depth = 0;
        long size = 1;
        foreach (var attribute in record.Attributes)
        {
            // An attribute that is declared again replaces the first, as in the official implementation.
            var measured = Measure(space, attribute.Type);
            attributes[attribute.Name] = new AttributeType(measured.Type, attribute.IsRequired);
            depth = Math.Max(depth, measured.Depth);
            size += measured.Size;
        }

        return new SizedType(attributes.Count == 0 ? EmptyRecord : new CedarType.RecordType(attributes.ToImmutable(), isOpen: false), depth + 1, size);
    }

    /// <summary>The common types a type names, built-in ones not counted.</summary>
    private void CollectCommon(NamespaceSyntax space, TypeSyntax type, HashSet<string> found)
    {
        switch (type)
        {
            case TypeSyntax.Reference reference when names.Find(space, reference.Name, reference.Kind) is (var name, true) && names.CommonTypes[name] is not null:
                found.Add(name);
                break;
            case TypeSyntax.Set set:
                CollectCommon(space, set.Element, found);
                break;
            case TypeSyntax.Record record:
                foreach (var attribute in record.Attributes)
                {
                    CollectCommon(space, attribute.Type, found);
                }

                break;
        }
    }

    /// <summary>What waits for itself is in a circle; what only waits for a circle is not reported.</summary>
    private void ReportCircles(Dictionary<string, int> waiting)
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach (var start in waiting.Keys.Order(StringComparer.Ordinal))
        {
            var path = new List<string>();
            var onPath = new Dictionary<string, int>(StringComparer.Ordinal);
            var current = start;
            while (!done.Contains(current) && onPath.TryAdd(current, path.Count))
            {
                path.Add(current);
                var (space, type) = names.CommonTypes[current]!.Value;
                var needed = new HashSet<string>(StringComparer.Ordinal);
                CollectCommon(space, type.Type, needed);

                // Everything that still waits, waits for something that waits.
                current = needed.Where(waiting.ContainsKey).Order(StringComparer.Ordinal).First();
            }

            if (onPath.TryGetValue(current, out var from) && !done.Contains(current))
            {
                var circle = path.Skip(from).Append(current).Take(10).Select(name => $"`{name}`");
                problems.Add(names.CommonTypes[current]!.Value.Type.Name.Span, $"the common type `{current}` is defined by itself: {string.Join(" → ", circle)}",
                    "common types cannot be recursive; refer to an entity type instead");
            }

            done.UnionWith(path);
        }
    }
}

using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Schema;

/// <summary>Everything a schema declares, by full name, and what a name in it stands for (RFC 24, RFC 70).</summary>
internal sealed class SchemaNames
{
    private readonly SchemaProblems _problems;
    private readonly Dictionary<string, SourceSpan> _places = new(StringComparer.Ordinal);
    private readonly HashSet<string> _actionTypes = new(StringComparer.Ordinal);

    public SchemaNames(SchemaSyntax schema, SchemaProblems problems)
    {
        _problems = problems;
        var namespaces = new Dictionary<string, SourceSpan>(StringComparer.Ordinal);
        foreach (var space in schema.Namespaces)
        {
            if (space.Name.Split("::").Contains(BuiltInTypes.Namespace))
            {
                AddReserved(space.Name, space.Span);
            }

            if (!namespaces.TryAdd(space.Name, space.Span))
            {
                AddTwice("namespace", space.Name, space.Span, namespaces[space.Name], "move the declarations into one `namespace` block");
            }

            Declare(space);
        }

        CheckShadowing();
        foreach (var (name, _) in BuiltInTypes.All)
        {
            CommonTypes.TryAdd($"{BuiltInTypes.Namespace}::{name}", null);
            if (!Entities.ContainsKey(name))
            {
                CommonTypes.TryAdd(name, null);
            }
        }
    }

    /// <summary>The common types by full name; the built-in ones have no declaration.</summary>
    public Dictionary<string, (NamespaceSyntax Space, CommonTypeSyntax Type)?> CommonTypes { get; } = new(StringComparer.Ordinal);

    /// <summary>The entity types by full name, actions not counted.</summary>
    public Dictionary<string, (NamespaceSyntax Space, EntitySyntax Entity)> Entities { get; } = new(StringComparer.Ordinal);

    /// <summary>The actions.</summary>
    public Dictionary<EntityUid, (NamespaceSyntax Space, ActionSyntax Action)> Actions { get; } = [];

    /// <summary>The full name of something declared in a namespace.</summary>
    public static string Qualify(string space, string name) => space.Length == 0 ? name : $"{space}::{name}";

    /// <summary>The full name a reference stands for, or <see langword="null"/>. The own namespace comes before the empty one, a common type before an entity type.</summary>
    public (string Name, bool IsCommon)? Find(NamespaceSyntax space, string name, ReferenceKind kind)
    {
        var isQualified = name.Contains("::", StringComparison.Ordinal);
        if (!isQualified && space.Name.Length > 0 && Lookup(Qualify(space.Name, name), kind) is { } own)
        {
            return own;
        }

        return Lookup(name, kind);
    }

    /// <summary>The action a reference stands for, or <see langword="null"/>.</summary>
    public EntityUid? FindAction(NamespaceSyntax space, ActionReference reference)
    {
        var type = reference.Type ?? "Action";
        if (space.Name.Length > 0 && !type.Contains("::", StringComparison.Ordinal)
            && EntityTypeName.TryParse(Qualify(space.Name, type), out var own) && new EntityUid(own, reference.Id) is var uid && Actions.ContainsKey(uid))
        {
            return uid;
        }

        return EntityTypeName.TryParse(type, out var name) && new EntityUid(name, reference.Id) is var other && Actions.ContainsKey(other) ? other : null;
    }

    /// <summary>Keeps that a name stands for nothing, with what its author may have meant.</summary>
    public void AddUndeclared(NamespaceSyntax space, string name, ReferenceKind kind, SourceSpan span)
    {
        var what = kind switch { ReferenceKind.Common => "a common type", ReferenceKind.Entity => "an entity type", _ => "a common type or an entity type" };
        _problems.Add(span, $"`{name}` is not declared as {what}", _problems.IsFull ? null : Hint(space, name, kind));
    }

    private string Hint(NamespaceSyntax space, string name, ReferenceKind kind)
    {
        if (name == "Boolean" && kind != ReferenceKind.Entity)
        {
            return "the boolean type is `Bool`";
        }

        if (kind == ReferenceKind.Entity && Find(space, name, kind) is not null)
        {
            return "actions apply to entities and entities are in entities; name an entity type that is declared with `entity`";
        }

        if (kind != ReferenceKind.EntityOrCommon && Find(space, name, ReferenceKind.EntityOrCommon) is { } other)
        {
            return other.IsCommon ? "a common type cannot stand here; name an entity type" : "an entity type cannot stand here; name a record with `type`";
        }

        IEnumerable<string> known = kind switch
        {
            ReferenceKind.Entity => Entities.Keys,
            ReferenceKind.Common => CommonTypes.Keys,
            _ => CommonTypes.Keys.Concat(Entities.Keys),
        };
        var prefix = $"{space.Name}::";
        var near = NearestName.Find(name, known.Select(candidate => candidate.StartsWith(prefix, StringComparison.Ordinal) ? candidate[prefix.Length..] : candidate)
            .Where(candidate => !candidate.StartsWith(BuiltInTypes.Namespace, StringComparison.Ordinal)));
        return near is not null ? $"did you mean `{near}`?"
            : $"declare it with `{(kind == ReferenceKind.Common ? "type" : "entity")}`, or write its namespace";
    }

    private (string Name, bool IsCommon)? Lookup(string name, ReferenceKind kind)
        => kind != ReferenceKind.Entity && CommonTypes.ContainsKey(name) ? (name, true)
            : kind != ReferenceKind.Common && (Entities.ContainsKey(name) || _actionTypes.Contains(name)) ? (name, false)
            : null;

    private void Declare(NamespaceSyntax space)
    {
        foreach (var type in space.CommonTypes)
        {
            if (CheckDeclared(type.Name) && BuiltInTypes.IsForbiddenForCommonTypes(type.Name.Text))
            {
                _problems.Add(type.Name.Span, $"a common type cannot be named `{type.Name.Text}`", "choose a name that no built-in type has");
            }

            var name = Qualify(space.Name, type.Name.Text);
            if (!CommonTypes.TryAdd(name, (space, type)))
            {
                AddTwice("common type", name, type.Name.Span, _places["type " + name], "keep one");
            }

            _places.TryAdd("type " + name, type.Name.Span);
        }

        foreach (var entity in space.Entities)
        {
            foreach (var declared in entity.Names)
            {
                if (CheckDeclared(declared) && declared.Text == "Action")
                {
                    _problems.Add(declared.Span, "the entity type `Action` cannot be declared", "declare actions with `action`; their type is there by itself");
                }

                var name = Qualify(space.Name, declared.Text);
                if (!Entities.TryAdd(name, (space, entity)))
                {
                    AddTwice("entity type", name, declared.Span, _places["entity " + name], "keep one");
                }

                _places.TryAdd("entity " + name, declared.Span);
            }
        }

        // A namespace that nobody may declare in is reported already and would give no type name.
        if (!EntityTypeName.TryParse(Qualify(space.Name, "Action"), out var actionType))
        {
            return;
        }

        foreach (var action in space.Actions)
        {
            foreach (var declared in action.Names)
            {
                var uid = new EntityUid(actionType, declared.Text);
                if (!Actions.TryAdd(uid, (space, action)))
                {
                    AddTwice("action", uid.ToString(), declared.Span, _places["action " + uid], "keep one");
                }

                _places.TryAdd("action " + uid, declared.Span);
                _actionTypes.Add(actionType.Text);
            }
        }
    }

    private bool CheckDeclared(NameSyntax name)
    {
        if (name.Text != BuiltInTypes.Namespace)
        {
            return true;
        }

        AddReserved(name.Text, name.Span);
        return false;
    }

    /// <summary>RFC 70: what a namespace declares may not hide what the empty namespace declares. A common type may hide an entity type beside it.</summary>
    private void CheckShadowing()
    {
        foreach (var name in CommonTypes.Keys.Concat(Entities.Keys))
        {
            var at = name.LastIndexOf("::", StringComparison.Ordinal);
            var bare = at < 0 ? null : name[(at + 2)..];
            if (bare is not null && (CommonTypes.ContainsKey(bare) || Entities.ContainsKey(bare)))
            {
                var place = _places.TryGetValue("type " + name, out var type) ? type : _places["entity " + name];
                _problems.Add(place, $"`{name}` hides `{bare}`, which is declared outside of any namespace", "rename one of them");
            }
        }

        foreach (var uid in Actions.Keys)
        {
            if (uid.Type.Text != "Action" && new EntityUid("Action", uid.Id) is var bare && Actions.ContainsKey(bare))
            {
                _problems.Add(_places["action " + uid], $"`{uid}` hides `{bare}`, which is declared outside of any namespace", "rename one of them");
            }
        }
    }

    private void AddReserved(string name, SourceSpan span)
        => _problems.Add(span, $"`{name}` cannot be declared: `{BuiltInTypes.Namespace}` is reserved", "choose another name");

    private void AddTwice(string what, string name, SourceSpan span, SourceSpan first, string help)
    {
        var line = _problems.LineOf(first);
        _problems.Add(span, $"the {what} `{name}` is declared twice", line > 0 ? $"it is first declared in line {line}; {help}" : help);
    }
}

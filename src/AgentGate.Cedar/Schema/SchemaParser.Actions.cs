using System.Collections.Immutable;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Schema;

/// <summary>Actions.</summary>
internal sealed partial class SchemaParser
{
    private ActionSyntax ReadAction(ImmutableArray<PolicyAnnotation> annotations)
    {
        Advance();
        var names = ReadList(ReadName);
        ImmutableArray<ActionReference> parents = [];
        if (TryWord("in"))
        {
            if (Try(SchemaTokenKind.OpenBracket))
            {
                parents = ReadList(ReadActionReference);
                Expect(SchemaTokenKind.CloseBracket, "`,` or `]`");
            }
            else
            {
                parents = [ReadActionReference()];
            }
        }

        var appliesTo = TryWord("appliesTo") ? ReadAppliesTo(names[0]) : null;
        if (TryWord("attributes"))
        {
            Expect(SchemaTokenKind.OpenBrace, "`{`");
            Expect(SchemaTokenKind.CloseBrace, "`}`: actions have no attributes");
        }

        Expect(SchemaTokenKind.Semicolon, "`;`");
        return new ActionSyntax(names) { Annotations = annotations, MemberOf = parents, AppliesTo = appliesTo };
    }

    private ActionReference ReadActionReference()
    {
        if (_token.Kind == SchemaTokenKind.String)
        {
            var span = _token.Span;
            return new ActionReference(null, ReadString(), span);
        }

        var first = ReadIdentifier();
        if (_token.Kind != SchemaTokenKind.DoubleColon)
        {
            return new ActionReference(null, first.Text, first.Span);
        }

        var type = first.Text;
        while (Try(SchemaTokenKind.DoubleColon))
        {
            if (_token.Kind == SchemaTokenKind.String)
            {
                var span = first.Span.To(_token.Span);
                return new ActionReference(type, ReadString(), span);
            }

            type = $"{type}::{ReadIdentifier().Text}";
        }

        throw Unexpected("`::` and the id of an action in quotes");
    }

    private AppliesToSyntax ReadAppliesTo(NameSyntax action)
    {
        Expect(SchemaTokenKind.OpenBrace, "`{`");
        ImmutableArray<NameSyntax>? principals = null;
        ImmutableArray<NameSyntax>? resources = null;
        TypeSyntax? context = null;
        do
        {
            var part = Word();
            var span = _token.Span;
            if (part is not ("principal" or "resource" or "context") || _token.Kind != SchemaTokenKind.Identifier)
            {
                throw Unexpected("`principal`, `resource` or `context`");
            }

            Advance();
            Expect(SchemaTokenKind.Colon, "`:`");
            if (part switch { "principal" => principals is not null, "resource" => resources is not null, _ => context is not null })
            {
                throw _source.Error(span, $"the action `{CedarText.Show(action.Text)}` has `{part}` twice", "keep one, with all types in one list");
            }

            if (part == "context")
            {
                context = _token.Kind == SchemaTokenKind.OpenBrace ? ReadRecord() : ToReference(ReadPath(), ReferenceKind.Common);
                continue;
            }

            var types = ReadTypeNames();
            if (types.IsEmpty)
            {
                throw _source.Error(span, $"the action `{CedarText.Show(action.Text)}` names no {part} type", "name at least one, or leave `appliesTo` out for a group of actions");
            }

            _ = part == "principal" ? principals = types : resources = types;
        }
        while (Try(SchemaTokenKind.Comma) && _token.Kind != SchemaTokenKind.CloseBrace);

        Expect(SchemaTokenKind.CloseBrace, "`,` or `}`");
        if (principals is null || resources is null)
        {
            var missing = principals is null ? "principal" : "resource";
            throw _source.Error(action.Span, $"`appliesTo` of the action `{CedarText.Show(action.Text)}` has no `{missing}`", $"add `{missing}: [...]`");
        }

        return new AppliesToSyntax(principals.Value, resources.Value, context);
    }
}

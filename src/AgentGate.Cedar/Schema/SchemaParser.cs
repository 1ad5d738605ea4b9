using System.Collections.Immutable;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Schema;

/// <summary>Reads the Cedar schema syntax into declarations. The first word that does not fit ends the reading.</summary>
internal sealed partial class SchemaParser
{
    private readonly string _text;
    private readonly SchemaText _source;
    private readonly SchemaLexer _lexer;
    private SchemaToken _token;
    private int _depth;

    private SchemaParser(string text)
    {
        _text = text;
        _source = new SchemaText(text, null);
        _lexer = new SchemaLexer(text, _source);
        _token = _lexer.Next();
    }

    /// <summary>Reads a whole schema.</summary>
    /// <exception cref="SchemaException">It does not follow the grammar.</exception>
    public static SchemaSyntax Parse(string text)
    {
        if (text.Length > CedarLimits.MaxTextLength)
        {
            throw new SchemaText(null, null).Error(SourceSpan.None, $"the schema is longer than {CedarLimits.MaxTextLength} characters", "split it");
        }

        if (!CedarText.IsUnicode(text))
        {
            throw new SchemaText(null, null).Error(SourceSpan.None, "the schema holds half of a surrogate pair and is no Unicode text");
        }

        return new SchemaParser(text).ReadSchema();
    }

    private SchemaSyntax ReadSchema()
    {
        var namespaces = ImmutableArray.CreateBuilder<NamespaceSyntax>();
        var outside = new NamespaceContent();
        while (_token.Kind != SchemaTokenKind.End)
        {
            var annotations = ReadAnnotations();
            if (IsWord("namespace"))
            {
                namespaces.Add(ReadNamespace(annotations));
            }
            else
            {
                ReadDeclaration(annotations, outside, "`namespace`, `entity`, `action` or `type`");
            }
        }

        if (!outside.IsEmpty)
        {
            namespaces.Add(outside.ToSyntax("", SourceSpan.None, []));
        }

        return new SchemaSyntax(_source, namespaces.DrainToImmutable());
    }

    private NamespaceSyntax ReadNamespace(ImmutableArray<PolicyAnnotation> annotations)
    {
        Advance();
        var name = ReadPath();
        Expect(SchemaTokenKind.OpenBrace, "`{`");
        var content = new NamespaceContent();
        while (_token.Kind != SchemaTokenKind.CloseBrace)
        {
            ReadDeclaration(ReadAnnotations(), content, "`entity`, `action`, `type` or `}`");
        }

        Advance();
        return content.ToSyntax(name.Text, name.Span, annotations);
    }

    private void ReadDeclaration(ImmutableArray<PolicyAnnotation> annotations, NamespaceContent content, string expected)
    {
        if (IsWord("entity"))
        {
            content.Entities.Add(ReadEntity(annotations));
        }
        else if (IsWord("action"))
        {
            content.Actions.Add(ReadAction(annotations));
        }
        else if (IsWord("type"))
        {
            content.CommonTypes.Add(ReadCommonType(annotations));
        }
        else
        {
            throw Unexpected(expected);
        }
    }

    private EntitySyntax ReadEntity(ImmutableArray<PolicyAnnotation> annotations)
    {
        Advance();
        var names = ReadList(ReadIdentifier);
        if (TryWord("enum"))
        {
            Expect(SchemaTokenKind.OpenBracket, "`[`");
            var ids = ReadList(ReadString);
            Expect(SchemaTokenKind.CloseBracket, "`,` or `]`");
            Expect(SchemaTokenKind.Semicolon, "`;`: an enumerated entity type has neither attributes nor tags");
            return new EntitySyntax(names) { Annotations = annotations, EnumIds = ids };
        }

        ImmutableArray<NameSyntax> parents = TryWord("in") ? ReadTypeNames() : [];
        TypeSyntax? shape = null;
        if (_token.Kind is SchemaTokenKind.Equal or SchemaTokenKind.OpenBrace)
        {
            Try(SchemaTokenKind.Equal);
            shape = ReadRecord();
        }

        var tags = TryWord("tags") ? ReadType() : null;
        Expect(SchemaTokenKind.Semicolon, "`;`");
        return new EntitySyntax(names) { Annotations = annotations, MemberOf = parents, Shape = shape, Tags = tags };
    }

    private CommonTypeSyntax ReadCommonType(ImmutableArray<PolicyAnnotation> annotations)
    {
        Advance();
        var name = ReadIdentifier();
        Expect(SchemaTokenKind.Equal, "`=`");
        var type = ReadType();
        Expect(SchemaTokenKind.Semicolon, "`;`");
        return new CommonTypeSyntax(name, type) { Annotations = annotations };
    }

    private ImmutableArray<PolicyAnnotation> ReadAnnotations()
    {
        if (_token.Kind != SchemaTokenKind.At)
        {
            return [];
        }

        var annotations = ImmutableArray.CreateBuilder<PolicyAnnotation>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (_token.Kind == SchemaTokenKind.At)
        {
            var start = _token.Span;
            Advance();
            if (_token.Kind != SchemaTokenKind.Identifier)
            {
                throw Unexpected("the name of an annotation");
            }

            var span = _token.Span;
            var name = Word();
            if (!seen.Add(name))
            {
                throw _source.Error(start.To(span), $"the annotation `@{name}` stands here twice", "keep one");
            }

            Advance();
            var value = "";
            if (Try(SchemaTokenKind.OpenParenthesis))
            {
                value = ReadString();
                span = _token.Span;
                Expect(SchemaTokenKind.CloseParenthesis, "`)`");
            }

            annotations.Add(new PolicyAnnotation(name, value) { Span = start.To(span) });
        }

        return annotations.DrainToImmutable();
    }

    /// <summary>The declarations of a namespace while they are read.</summary>
    private sealed class NamespaceContent
    {
        public ImmutableArray<CommonTypeSyntax>.Builder CommonTypes { get; } = ImmutableArray.CreateBuilder<CommonTypeSyntax>();

        public ImmutableArray<EntitySyntax>.Builder Entities { get; } = ImmutableArray.CreateBuilder<EntitySyntax>();

        public ImmutableArray<ActionSyntax>.Builder Actions { get; } = ImmutableArray.CreateBuilder<ActionSyntax>();

        public bool IsEmpty => CommonTypes.Count + Entities.Count + Actions.Count == 0;

        public NamespaceSyntax ToSyntax(string name, SourceSpan span, ImmutableArray<PolicyAnnotation> annotations) => new(name, span)
        {
            Annotations = annotations,
            CommonTypes = CommonTypes.DrainToImmutable(),
            Entities = Entities.DrainToImmutable(),
            Actions = Actions.DrainToImmutable(),
        };
    }
}

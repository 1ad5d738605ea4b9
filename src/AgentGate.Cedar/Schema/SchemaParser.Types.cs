using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Schema;

/// <summary>Types, names and single tokens.</summary>
internal sealed partial class SchemaParser
{
    private TypeSyntax ReadType()
    {
        if (++_depth > CedarLimits.MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw _source.Error(_token.Span, $"types are nested deeper than {CedarLimits.MaxDepth}", "name an inner part with `type`");
        }

        TypeSyntax type;
        if (_token.Kind == SchemaTokenKind.OpenBrace)
        {
            type = ReadRecord();
        }
        else if (_token.Kind == SchemaTokenKind.Identifier)
        {
            var name = ReadPath();
            if (name.Text == "Set" && Try(SchemaTokenKind.Less))
            {
                var element = ReadType();
                var span = name.Span.To(_token.Span);
                Expect(SchemaTokenKind.Greater, "`>`");
                type = new TypeSyntax.Set(element, span);
            }
            else
            {
                type = ToReference(name, ReferenceKind.EntityOrCommon);
            }
        }
        else
        {
            throw Unexpected("a type");
        }

        _depth--;
        return type;
    }

    private TypeSyntax.Record ReadRecord()
    {
        var start = _token.Span;
        Expect(SchemaTokenKind.OpenBrace, "`{`");
        var attributes = ImmutableArray.CreateBuilder<AttributeSyntax>();
        while (_token.Kind != SchemaTokenKind.CloseBrace)
        {
            var annotations = ReadAnnotations();
            var name = ReadName();
            var isRequired = !Try(SchemaTokenKind.Question);
            Expect(SchemaTokenKind.Colon, isRequired ? "`:` or `?:`" : "`:`");
            attributes.Add(new AttributeSyntax(name.Text, ReadType(), isRequired, annotations));
            if (!Try(SchemaTokenKind.Comma) && _token.Kind != SchemaTokenKind.CloseBrace)
            {
                throw Unexpected("`,` or `}`");
            }
        }

        var span = start.To(_token.Span);
        Advance();
        return new TypeSyntax.Record(attributes.DrainToImmutable(), span);
    }

    private static TypeSyntax.Reference ToReference(NameSyntax name, ReferenceKind kind) => new(name.Text, kind, name.Span);

    /// <summary><c>A::B</c>, or <c>[A::B, C]</c>, or <c>[]</c>.</summary>
    private ImmutableArray<NameSyntax> ReadTypeNames()
    {
        if (!Try(SchemaTokenKind.OpenBracket))
        {
            return [ReadPath()];
        }

        if (Try(SchemaTokenKind.CloseBracket))
        {
            return [];
        }

        var names = ReadList(ReadPath);
        Expect(SchemaTokenKind.CloseBracket, "`,` or `]`");
        return names;
    }

    private NameSyntax ReadPath()
    {
        var name = ReadIdentifier();
        if (_token.Kind != SchemaTokenKind.DoubleColon)
        {
            return name;
        }

        var parts = new List<string> { name.Text };
        var span = name.Span;
        while (Try(SchemaTokenKind.DoubleColon))
        {
            var part = ReadIdentifier();
            parts.Add(part.Text);
            span = span.To(part.Span);
        }

        return new NameSyntax(string.Join("::", parts), span);
    }

    /// <summary>An identifier, or any text in quotes.</summary>
    private NameSyntax ReadName()
    {
        if (_token.Kind != SchemaTokenKind.String)
        {
            return ReadIdentifier();
        }

        var span = _token.Span;
        return new NameSyntax(ReadString(), span);
    }

    private NameSyntax ReadIdentifier()
    {
        if (_token.Kind != SchemaTokenKind.Identifier)
        {
            throw Unexpected("a name");
        }

        var text = Word();

        // `__cedar` may be written where a built-in type is meant; that nothing is declared in it is checked later.
        if (CedarIdentifier.IsReserved(text) && text != "__cedar")
        {
            throw _source.Error(_token.Span, $"`{text}` is reserved and cannot be a name here", "choose another name; attributes and actions may be written in quotes");
        }

        var name = new NameSyntax(text, _token.Span);
        Advance();
        return name;
    }

    private string ReadString()
    {
        if (_token.Kind != SchemaTokenKind.String)
        {
            throw Unexpected("a string");
        }

        var value = SchemaString.Read(_text, _token.Span, _source);
        Advance();
        return value;
    }

    private ImmutableArray<T> ReadList<T>(Func<T> read)
    {
        var items = ImmutableArray.CreateBuilder<T>();
        do
        {
            items.Add(read());
        }
        while (Try(SchemaTokenKind.Comma));

        return items.DrainToImmutable();
    }

    private string Word() => _text.Substring(_token.Span.Start, _token.Span.Length);

    private bool IsWord(string word)
        => _token.Kind == SchemaTokenKind.Identifier && _text.AsSpan(_token.Span.Start, _token.Span.Length).SequenceEqual(word);

    private bool TryWord(string word)
    {
        var found = IsWord(word);
        if (found)
        {
            Advance();
        }

        return found;
    }

    private bool Try(SchemaTokenKind kind)
    {
        var found = _token.Kind == kind;
        if (found)
        {
            Advance();
        }

        return found;
    }

    private void Expect(SchemaTokenKind kind, string expected)
    {
        if (!Try(kind))
        {
            throw Unexpected(expected);
        }
    }

    private void Advance() => _token = _lexer.Next();

    private SchemaException Unexpected(string expected)
    {
        const int ShownLength = 40;
        var shown = _token.Span.Length > ShownLength ? "a long text" : $"`{Word().ReplaceLineEndings(" ")}`";
        return _source.Error(_token.Span, $"unexpected {(_token.Kind == SchemaTokenKind.End ? "end of the schema" : shown)}", $"expected {expected}");
    }
}

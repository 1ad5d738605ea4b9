using System.Text;
using AgentGate.Cedar.Entities;

namespace AgentGate.Cedar.Syntax;

/// <content>Paths: names of entity types and functions, and what stands before the id of an entity.</content>
internal sealed partial class PolicyParser
{
    private static readonly EntityTypeName Placeholder = EntityTypeName.Parse("Unknown");

    /// <summary>Reads <c>A::B::C</c>; when a string comes behind the last <c>::</c>, stops before it.</summary>
    private Path? ParsePath()
    {
        var start = _token.Span;
        CheckReserved(start);
        var builder = new StringBuilder().Append(Text(start));
        Advance();
        while (Accept(TokenKind.DoubleColon))
        {
            switch (_token.Kind)
            {
                case TokenKind.String:
                    return new Path(builder.ToString(), From(start), EndsInString: true);
                case TokenKind.Identifier:
                    CheckReserved(_token.Span);
                    builder.Append("::").Append(Text(_token.Span));
                    Advance();
                    break;
                default:
                    Unexpected("a name or the id of an entity", EntityHelp);
                    return null;
            }
        }

        return new Path(builder.ToString(), From(start), EndsInString: false);
    }

    private EntityTypeName? ParseTypeName()
    {
        if (_token.Kind != TokenKind.Identifier)
        {
            Unexpected("an entity type", "a type is written without quotes: `is Shop::User`");
            return null;
        }

        if (ParsePath() is not { } path)
        {
            return null;
        }

        if (path.EndsInString)
        {
            Report(path.Span.To(_token.Span), "expected an entity type, found an entity", $"write `is {Shown(path.Text)}`, or compare with `==`");
            return null;
        }

        return TypeOf(path);
    }

    private static EntityUid MakeEntity(Path path, string id) => new(TypeOf(path), id);

    /// <summary>The type of this name. A name with reserved words has been reported already.</summary>
    private static EntityTypeName TypeOf(Path path) => EntityTypeName.TryParse(path.Text, out var type) ? type : Placeholder;

    private sealed record Path(string Text, SourceSpan Span, bool EndsInString);
}

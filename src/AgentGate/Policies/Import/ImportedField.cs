using System.Collections.Immutable;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Policies.Import;

/// <summary>A field of 1.0's conditions in the words of the published schema. A closed set.</summary>
internal abstract class ImportedField
{
    private ImportedField()
    {
    }

    /// <summary>Whether the field is there; <see cref="Terms.True"/> where it always is.</summary>
    public virtual Expr Present => Terms.True;

    /// <summary>What a reader of the translation must know about the field, or <see langword="null"/>.</summary>
    public virtual string? Note => null;

    /// <summary>The field of a name, with or without <c>request.</c> in front; <see langword="null"/> where the schema has no word for it.</summary>
    public static ImportedField? Find(string name)
    {
        var field = name.StartsWith("request.", StringComparison.Ordinal) ? name["request.".Length..] : name;
        return field switch
        {
            "tool" => new Tool(),
            "user.id" or "agent.id" => new PrincipalId(),
            "role" or "user.role" or "user.roles" => new Role(),
            "context.hour" or "context.weekday" => new Number(Terms.Get(Terms.Context, field["context.".Length..])),
            _ when field.StartsWith("inputs.", StringComparison.Ordinal) && field.Length > "inputs.".Length => new Input(field["inputs.".Length..]),
            _ => null,
        };
    }

    /// <summary>A field that holds one text.</summary>
    public abstract class Text : ImportedField
    {
        /// <summary>Whether it is this text; where <paramref name="wide"/>, in whatever case.</summary>
        public abstract Expr Is(string value, bool wide);

        /// <summary>Whether it fits a pattern; where <paramref name="wide"/>, in whatever case.</summary>
        public abstract Expr IsLike(ImmutableArray<string> pieces, bool wide);

        /// <summary>A pattern over the exact id or the lower-case key of an entity.</summary>
        protected static Expr LikeOf(Expr entity, ImmutableArray<string> pieces, bool wide) => wide
            ? Terms.Like(Terms.Get(entity, "key"), [.. pieces.Select(Spelling.Fold)])
            : Terms.Like(Terms.Get(entity, "id"), pieces);

        /// <summary>An equality over the exact id or the lower-case key of an entity.</summary>
        protected static Expr EqualOf(Expr entity, string value, bool wide) => wide
            ? Terms.Equal(Terms.Get(entity, "key"), Terms.Value(Spelling.Fold(value)))
            : Terms.Equal(Terms.Get(entity, "id"), Terms.Value(value));
    }

    /// <summary><c>request.tool</c>.</summary>
    public sealed class Tool : Text
    {
        public override Expr Is(string value, bool wide) => CallTerms.OfTool(tool => CallTerms.ToolNamed(tool, value, wide));

        public override Expr IsLike(ImmutableArray<string> pieces, bool wide) => CallTerms.OfTool(tool => LikeOf(tool, pieces, wide));
    }

    /// <summary><c>request.user.id</c> and <c>request.agent.id</c>: who holds the key.</summary>
    public sealed class PrincipalId : Text
    {
        public override string Note => "Users and agents of 1.0 are principals now: whoever holds the key. Compare the ids with those of your keys.";

        public override Expr Is(string value, bool wide) => EqualOf(Terms.Principal, value, wide);

        public override Expr IsLike(ImmutableArray<string> pieces, bool wide) => LikeOf(Terms.Principal, pieces, wide);
    }

    /// <summary><c>request.inputs.NAME</c>: an argument that configuration declares to be a resource.</summary>
    /// <param name="argument">The name of the argument.</param>
    public sealed class Input(string argument) : Text
    {
        public override Expr Present => Terms.All(
            Terms.Has(Terms.Context, "argument"), Terms.Equal(Terms.Get(Terms.Context, "argument"), Terms.Value(argument)));

        public override string Note =>
            "An input is seen where configuration declares the argument to be a resource (`AgentGate:Tools:Arguments`); values are compared in normal form.";

        public override Expr Is(string value, bool wide) => Terms.All(Present, EqualOf(Terms.Resource, value, wide));

        public override Expr IsLike(ImmutableArray<string> pieces, bool wide) => Terms.All(Present, LikeOf(Terms.Resource, pieces, wide));
    }

    /// <summary>The role of the user: whether the principal has it among its roles.</summary>
    public sealed class Role : ImportedField
    {
        public override Expr Present => CallTerms.HasRole("*");

        public override string Note => CallTerms.RolesAreRecords;
    }

    /// <summary>A whole number of the circumstances.</summary>
    /// <param name="value">The number.</param>
    public sealed class Number(Expr value) : ImportedField
    {
        public Expr Value { get; } = value;
    }
}

using AgentGate.Kernel.Delegation;
using AgentGate.Pipeline;

namespace AgentGate.Deception;

/// <summary>A token somebody asks for, before it is checked. Never printed: it holds the value.</summary>
internal sealed class HoneyDraft
{
    /// <summary>The shortest value: shorter ones stand in honest calls by chance.</summary>
    public const int ValueMin = 8;

    /// <summary>The longest value, pattern or description.</summary>
    public const int TextMax = 512;

    /// <summary>The longest name.</summary>
    public const int NameMax = 128;

    /// <summary>The fewest characters of a pattern that are no asterisk: fewer would cover what everybody uses.</summary>
    public const int PatternMin = 3;

    public required string? Type { get; init; }

    public required string? Name { get; init; }

    public string? Description { get; init; }

    public string? ResourcePattern { get; init; }

    public string? Value { get; init; }

    /// <summary>The first member that is at fault, and why.</summary>
    public (string Field, string Problem)? Fault()
        => HoneyTypes.Parse(Type) is not { } type ? ("token_type", $"is one of {string.Join(", ", HoneyTypes.Words)}")
            : Name is not { Length: > 0 and <= NameMax } || !GrantRevocation.IsReason(Name) || !Wildcard.IsComparable(Name)
                ? ("name", $"has 1 to {NameMax} plain characters")
            : type == HoneyType.Tool && Name.Contains('*', StringComparison.Ordinal) ? ("name", "of a tool is its whole name; use `resource_pattern` for several")
            : Description is { Length: > TextMax } ? ("description", $"has at most {TextMax} characters")
            : ResourcePattern is not null && (ResourcePattern.Length > TextMax || !Wildcard.IsValid(ResourcePattern) || ResourcePattern.Count(static c => c != '*') < PatternMin)
                ? ("resource_pattern", $"has at least {PatternMin} characters beside `*`, and no `?` or backslash beside one")
            : Value is not null && (Value.Length is < ValueMin or > TextMax || Value.Any(char.IsControl) || Value.Any(char.IsSurrogate))
                ? ("value", $"has {ValueMin} to {TextMax} characters without control characters")
            : type != HoneyType.Tool && ResourcePattern is null && Value is null ? ("resource_pattern", "or `value` must say what touching is")
            : null;
}

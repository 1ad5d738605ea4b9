using System.Diagnostics.CodeAnalysis;

namespace AgentGate.Kernel.Delegation;

/// <summary>
/// On what a grant lets its delegate act: <c>*</c>, or a type and a pattern, <c>Tool:crm/*</c> (docs/formats/delegation.md).
/// Texts are compared by code units: another case or another Unicode form is another id. Immutable.
/// </summary>
public sealed class GrantScope : IEquatable<GrantScope>
{
    /// <summary>The scope that covers everything.</summary>
    public const string Everything = "*";

    private readonly string? _type;
    private readonly string _pattern;

    private GrantScope(string text, string? type, string pattern) => (Text, _type, _pattern) = (text, type, pattern);

    /// <summary>The scope as it is written.</summary>
    public string Text { get; }

    private bool IsWholeType => _pattern.Length == 1 && _pattern[0] == '*';

    private bool IsPrefix => _pattern.Length > 1 && _pattern[^1] == '*';

    private ReadOnlySpan<char> Prefix => _pattern.AsSpan(0, _pattern.Length - 1);

    /// <summary>Reads a scope; <see langword="false"/> when it is not one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out GrantScope? scope)
    {
        scope = null;
        if (text is null)
        {
            return false;
        }

        if (text == Everything)
        {
            scope = new GrantScope(text, null, text);
            return true;
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || colon == text.Length - 1 || !IsName(text.AsSpan(0, colon)))
        {
            return false;
        }

        var pattern = text[(colon + 1)..];
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        if (star >= 0 && (star != pattern.Length - 1 || (star > 0 && pattern[star - 1] != '/')))
        {
            return false;
        }

        scope = new GrantScope(text, text[..colon], pattern);
        return true;
    }

    /// <summary>Whether it covers a resource.</summary>
    /// <param name="type">The last name of the resource's entity type: <c>Tool</c>.</param>
    /// <param name="id">The resource's id, as the policies are asked about it.</param>
    public bool Covers(string type, string id)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(id);
        if (_type is null)
        {
            return true;
        }

        if (!string.Equals(_type, type, StringComparison.Ordinal))
        {
            return false;
        }

        return IsWholeType || (IsPrefix ? IsBelow(id) : string.Equals(_pattern, id, StringComparison.Ordinal));
    }

    /// <summary>Whether it covers everything that another scope covers.</summary>
    public bool Covers(GrantScope other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (_type is null)
        {
            return true;
        }

        if (!string.Equals(_type, other._type, StringComparison.Ordinal))
        {
            return false;
        }

        return IsWholeType
            || (!other.IsWholeType
                && (other.IsPrefix ? IsPrefix && IsPointBelow(other.Prefix) : Covers(_type, other._pattern)));
    }

    /// <inheritdoc />
    public bool Equals(GrantScope? other) => other is not null && string.Equals(Text, other.Text, StringComparison.Ordinal);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as GrantScope);

    /// <inheritdoc />
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc />
    public override string ToString() => Text;

    /// <summary>Below the point, at a segment boundary, and not on the way out of it again.</summary>
    private bool IsBelow(string id)
        => id.Length > Prefix.Length && id.AsSpan().StartsWith(Prefix, StringComparison.Ordinal) && !HasDotSegment(id.AsSpan(Prefix.Length));

    private bool IsPointBelow(ReadOnlySpan<char> point)
        => point.StartsWith(Prefix, StringComparison.Ordinal) && !HasDotSegment(point[Prefix.Length..]);

    /// <summary>Whether a segment leads to where it stands, or out of there.</summary>
    internal static bool HasDotSegment(ReadOnlySpan<char> path)
    {
        foreach (var segment in path.Split('/'))
        {
            if (path[segment] is "." or "..")
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsName(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!(char.IsAsciiLetter(text[i]) || text[i] == '_' || (i > 0 && char.IsAsciiDigit(text[i]))))
            {
                return false;
            }
        }

        return true;
    }
}

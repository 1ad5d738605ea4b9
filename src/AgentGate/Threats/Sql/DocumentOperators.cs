using System.Collections.Frozen;

namespace AgentGate.Threats.Sql;

/// <summary>The operators of document databases that turn a value into a query. Thread-safe.</summary>
internal static class DocumentOperators
{
    private static readonly FrozenSet<string> s_operators = FrozenSet.ToFrozenSet(
        [
            "eq", "ne", "gt", "gte", "lt", "lte", "in", "nin", "exists", "regex", "where", "or", "and", "nor", "not", "expr", "function", "accumulator",
            "comment", "elemMatch", "mod", "all", "jsonSchema", "text", "search", "near", "geoWithin", "func", "lookup", "out", "unionWith",
        ],
        StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_lookup = s_operators.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The length of the operator at a dollar sign, the sign included, or 0.</summary>
    public static int LengthAt(ReadOnlySpan<char> text, int dollar)
    {
        var end = dollar + 1;
        while (end < text.Length && char.IsAsciiLetter(text[end]) && end - dollar <= 12)
        {
            end++;
        }

        return end > dollar + 1 && s_lookup.Contains(text[(dollar + 1)..end]) ? end - dollar : 0;
    }

    /// <summary>Whether the operator runs script, or joins conditions: no value of a form is ever named so.</summary>
    public static bool Runs(ReadOnlySpan<char> name) =>
        name.Equals("$where", StringComparison.OrdinalIgnoreCase) || name.Equals("$function", StringComparison.OrdinalIgnoreCase)
        || name.Equals("$accumulator", StringComparison.OrdinalIgnoreCase) || name.Equals("$expr", StringComparison.OrdinalIgnoreCase)
        || name.Equals("$func", StringComparison.OrdinalIgnoreCase);
}

using System.Globalization;
using System.Text.Json;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Policies.Import;

/// <summary>One condition: a field, one of the thirteen operators, a value.</summary>
/// <remarks>
/// 1.0 answered false wherever a field was missing, also to "is not", so that a deny was escaped by leaving the field out. Here
/// "is not" holds for a missing field in a deny and not in an allow.
/// </remarks>
internal static class FieldCondition
{
    private const string Operators = "eq, neq, in, not_in, contains, not_contains, matches, gt, lt, gte, lte, exists, not_exists";

    /// <summary>Translates a condition, or says why it cannot be.</summary>
    public static Expr? Read(JsonElement condition, PolicyEffect effect, ISet<string> notes, out string? problem)
    {
        problem = null;
        if (condition.ValueKind != JsonValueKind.Object || ImportedFile.Text(condition, "field") is not { Length: > 0 } name
            || ImportedFile.Text(condition, "operator") is not { Length: > 0 } op)
        {
            problem = "a condition has `field`, `operator` and `value`";
            return null;
        }

        if (ImportedField.Find(name) is not { } field)
        {
            problem = $"the published schema has no word for the field `{name}`; say it by hand in the translation of the other rules";
            return null;
        }

        if (field is ImportedField.Input && effect == PolicyEffect.Permit)
        {
            problem = "a call of a tool and what it does to its inputs are decided one by one, so an allow by input has no exact counterpart; permit the tool, and its targets, by hand";
            return null;
        }

        if (field.Note is { } note)
        {
            notes.Add(note);
        }

        var value = condition.TryGetProperty("value", out var given) ? given : default;
        var deny = effect == PolicyEffect.Forbid;
        var (positive, negated) = op switch
        {
            "neq" => ("eq", true),
            "not_in" => ("in", true),
            "not_contains" => ("contains", true),
            "not_exists" => ("exists", true),
            _ => (op, false),
        };

        // What is negated must match less where the whole must match more, and the other way round.
        var holds = Positive(field, positive, value, wide: deny != negated, notes, out problem);
        if (holds is null || !negated)
        {
            return holds;
        }

        if (positive == "exists")
        {
            problem = field is ImportedField.Input ? "whether an input is missing cannot be asked: each input is a request of its own" : null;
            return problem is null ? Negated(holds) : null;
        }

        if (field is ImportedField.Input)
        {
            notes.Add("A call that leaves the input out is not concerned, as in 1.0.");
            return Terms.All(field.Present, Terms.Not(holds));
        }

        return deny ? Negated(holds) : Terms.All(field.Present, Negated(holds));
    }

    private static Expr Negated(Expr holds)
        => ReferenceEquals(holds, Terms.True) ? Terms.False : ReferenceEquals(holds, Terms.False) ? Terms.True : Terms.Not(holds);

    private static Expr? Positive(ImportedField field, string op, JsonElement value, bool wide, ISet<string> notes, out string? problem)
    {
        problem = op is "eq" or "in" or "contains" or "matches" or "gt" or "lt" or "gte" or "lte" or "exists"
            ? null : $"there is no operator `{op}`; they are {Operators}";
        if (problem is not null || op == "exists")
        {
            return problem is null ? field.Present : null;
        }

        var term = field switch
        {
            ImportedField.Text text => OfText(text, op, value, wide, notes, ref problem),
            ImportedField.Role => OfRole(op, value, ref problem),
            ImportedField.Number number => OfNumber(number.Value, op, value, ref problem),
            _ => null,
        };
        problem ??= term is null ? $"`{op}` with this value never held for this field in 1.0; take the condition out or correct it" : null;
        return problem is null ? term : null;
    }

    private static Expr? OfText(ImportedField.Text field, string op, JsonElement value, bool wide, ISet<string> notes, ref string? problem)
    {
        if (op == "in")
        {
            return Texts(value) is { } texts ? Terms.Any(texts.Select(text => field.Is(text, wide))) : null;
        }

        if (value.ValueKind != JsonValueKind.String || value.GetString() is not { } wanted)
        {
            return null;
        }

        switch (op)
        {
            case "eq":
                return field.Is(wanted, wide);
            case "contains":
                return field.IsLike(["", wanted, ""], wide);
            case "matches":
                if (LikeTranslation.TryRead(wanted, out var pieces, out var unsayable))
                {
                    notes.Add("The expression became a pattern: `*` stands for any text, line breaks too.");
                    return field.IsLike(pieces, wide);
                }

                problem = $"the expression uses `{unsayable}`, which `like` has no word for; only literals, ^, $ and .* can be translated";
                return null;
            default:
                return null;
        }
    }

    private static Expr? OfRole(string op, JsonElement value, ref string? problem)
    {
        problem = op is "eq" or "contains" or "in" ? null : $"roles can be compared by eq, in and contains, not by `{op}`";
        var roles = op == "in" ? Texts(value)
            : value.ValueKind == JsonValueKind.String && value.GetString() is { } role ? [role]
            : null;

        // A star is a role's name here, and a blank role is nobody's.
        return problem is null && roles is not null && roles.All(role => role.Trim() is not ("" or "*")) ? Terms.Any(roles.Select(CallTerms.HasRole)) : null;
    }

    private static Expr? OfNumber(Expr field, string op, JsonElement value, ref string? problem)
    {
        if (op == "in")
        {
            var numbers = value.ValueKind == JsonValueKind.Array && value.GetArrayLength() is > 0 and <= 200
                ? value.EnumerateArray().Select(Number).ToList() : null;
            return numbers is null || numbers.Any(number => number is null || number != decimal.Truncate(number.Value)) ? null
                : Terms.Contains(Terms.Set(numbers.Select(number => Terms.Value((long)number!.Value))), field);
        }

        if (Number(value) is not { } wanted)
        {
            return null;
        }

        var whole = (long)decimal.Floor(wanted);
        var isWhole = wanted == whole;
        var comparison = op switch
        {
            "eq" when isWhole => BinaryOperator.Equal,
            "gt" => BinaryOperator.Greater,
            "gte" => isWhole ? BinaryOperator.GreaterOrEqual : BinaryOperator.Greater,
            "lt" => isWhole ? BinaryOperator.Less : BinaryOperator.LessOrEqual,
            "lte" => BinaryOperator.LessOrEqual,
            _ => default(BinaryOperator?),
        };
        problem = op is "contains" or "matches" ? $"`{op}` is for text" : null;
        return comparison is { } found ? Terms.Binary(found, field, Terms.Value(whole)) : null;
    }

    /// <summary>A number, or text that 1.0 read as one, within what Cedar's integers hold.</summary>
    private static decimal? Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetDecimal(out var number) && Fits(number) => number,
        JsonValueKind.String when decimal.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && Fits(number) => number,
        _ => null,
    };

    private static bool Fits(decimal number) => number is >= long.MinValue and <= long.MaxValue;

    private static List<string>? Texts(JsonElement value)
        => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() is > 0 and <= 200
            && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
            ? [.. value.EnumerateArray().Select(item => item.GetString()!)]
            : null;
}

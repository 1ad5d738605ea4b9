using System.Buffers;

namespace AgentGate.Pii.Detection;

/// <summary>What must hold of <see cref="PiiOptions"/> before a scanner is built from them.</summary>
internal static class PiiOptionsRules
{
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

    /// <summary>One sentence per fault, each with the key and the way out; none if the options are valid.</summary>
    internal static IEnumerable<string> Validate(PiiOptions options)
    {
        if (options.Threshold is not (> 0 and <= 1))
        {
            yield return $"AgentGate:Pii:Threshold is {options.Threshold}; set it above 0 and at most 1 (default 0.5).";
        }

        for (var i = 0; i < options.Types.Count; i++)
        {
            if (!PiiTypes.IsBuiltIn(options.Types[i]))
            {
                yield return $"AgentGate:Pii:Types:{i} is \"{options.Types[i]}\", which is no built-in type; use one of {string.Join(", ", PiiTypes.Names)}, "
                    + "or leave AgentGate:Pii:Types empty for all of them.";
            }
        }

        for (var i = 0; i < options.CustomTypes.Count; i++)
        {
            foreach (var fault in Faults(options, i))
            {
                yield return fault;
            }
        }
    }

    private static IEnumerable<string> Faults(PiiOptions options, int index)
    {
        var type = options.CustomTypes[index];
        var key = $"AgentGate:Pii:CustomTypes:{index}";
        if (type.Name.Length == 0 || !char.IsAsciiLetterUpper(type.Name[0]) || type.Name.AsSpan().ContainsAnyExcept(NameCharacters))
        {
            yield return $"{key}:Name is \"{type.Name}\"; use capital letters, digits and underscores, a letter first, for example EMPLOYEE_ID.";
        }
        else if (PiiTypes.IsBuiltIn(type.Name) || type.Name == PiiTypes.Literal)
        {
            yield return $"{key}:Name is \"{type.Name}\", which is taken; choose another, for example MY_{type.Name}.";
        }
        else if (options.CustomTypes.Take(index).Any(other => other.Name == type.Name))
        {
            yield return $"{key}:Name is \"{type.Name}\", which an earlier entry has; join the two patterns with | or rename one.";
        }

        if (type.Score is not (> 0 and <= 1))
        {
            yield return $"{key}:Score is {type.Score}; set it above 0 and at most 1 (default 0.8).";
        }

        if (type.Context.Any(string.IsNullOrWhiteSpace))
        {
            yield return $"{key}:Context holds an empty word, which would stand near everything; remove it.";
        }

        if (PatternFault(type.Pattern) is { } fault)
        {
            yield return $"{key}:Pattern {fault}";
        }
    }

    private static string? PatternFault(string pattern)
    {
        if (string.IsNullOrEmpty(pattern))
        {
            return "is empty; give a regular expression, for example EMP-[0-9]{6}.";
        }

        try
        {
            return CustomPattern.Compile(pattern).IsMatch("")
                ? "matches the empty text, so it would match everywhere; ask for at least one character, for example + instead of *."
                : null;
        }
        catch (NotSupportedException)
        {
            return "needs backtracking (look-around, back-reference, atomic group, or too large a repetition), which could take exponential time; "
                + "write it without, and use Context for words around the value.";
        }
        catch (ArgumentException error)
        {
            return $"is not a regular expression: {error.Message}";
        }
    }
}

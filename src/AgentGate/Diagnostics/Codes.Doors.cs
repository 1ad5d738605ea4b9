namespace AgentGate.Diagnostics;

public static partial class Codes
{
    /// <summary>The body is not valid JSON.</summary>
    public const string InvalidJson = "AG1101";

    /// <summary>An object names the same member twice.</summary>
    public const string DuplicateMember = "AG1102";

    /// <summary>A member's name differs from a known one only by case.</summary>
    public const string MemberCase = "AG1103";

    /// <summary>The body is not valid UTF-8.</summary>
    public const string InvalidUtf8 = "AG1104";

    /// <summary>A string holds half of a surrogate pair.</summary>
    public const string LoneSurrogate = "AG1105";

    /// <summary>The body starts with a byte-order mark.</summary>
    public const string ByteOrderMark = "AG1106";

    /// <summary>The body comes in a Content-Encoding the gateway does not decode.</summary>
    public const string ContentEncoding = "AG1107";

    /// <summary>The request carries two different credentials.</summary>
    public const string TwoCredentials = "AG1108";

    /// <summary>The prompt is given as token ids, which no guard can read.</summary>
    public const string TokenIds = "AG1109";

    /// <summary>There is no such route.</summary>
    public const string UnknownRoute = "AG1110";

    /// <summary>The route does not take this method.</summary>
    public const string UnknownMethod = "AG1111";

    /// <summary>The connection asks for an upgrade, which no door offers.</summary>
    public const string UpgradeRefused = "AG1112";

    /// <summary>The body is too large.</summary>
    public const string TooLarge = "AG1113";

    /// <summary>The body is nested too deep.</summary>
    public const string TooDeep = "AG1114";

    /// <summary>Too many bytes are in flight; try again shortly.</summary>
    public const string Busy = "AG1115";

    /// <summary>A field is missing or has the wrong type.</summary>
    public const string InvalidField = "AG1116";

    /// <summary>The request holds a part no guard can read, of a kind configuration does not allow.</summary>
    public const string UnreadPart = "AG1117";

    /// <summary>The body is not JSON by its Content-Type.</summary>
    public const string MediaType = "AG1118";

    /// <summary>The answer holds a part no guard can read, of a kind configuration does not allow.</summary>
    public const string UnreadAnswer = "AG1119";

    /// <summary>The name of a model or a tool holds what reads as personal data; names go on record as they are.</summary>
    public const string NameHoldsValues = "AG1120";
}

using System.Buffers;

namespace AgentGate.Pii.Detection;

/// <summary>Values whose form is known once the name before them says whose they are.</summary>
internal static class VendorValues
{
    private static readonly SearchValues<char> Alnum = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

    /// <summary>Whether the value has the form that belongs to the name.</summary>
    public static bool Fits(ReadOnlySpan<char> name, ReadOnlySpan<char> value)
    {
        // Bundler: BUNDLE_GEMS__EXAMPLE__COM is the user and password for gems.example.com.
        if (name.StartsWith("BUNDLE_", StringComparison.Ordinal) && name.IndexOf("__") > 0)
        {
            var colon = value.IndexOf(':');
            return colon >= 4 && value.Length - colon >= 5 && !value.ContainsAny('/', '$', '{');
        }

        // Sumo Logic: an access id is "su" and twelve characters.
        if (name.Contains("sumo", StringComparison.OrdinalIgnoreCase))
        {
            return value.Length == 14 && value.StartsWith("su", StringComparison.Ordinal) && !value.ContainsAnyExcept(Alnum) && value.ContainsAnyInRange('0', '9')
                && name.Contains("id", StringComparison.OrdinalIgnoreCase);
        }

        // Sourcegraph: before they had a prefix, tokens were forty hexadecimal digits.
        return name.Contains("sourcegraph", StringComparison.OrdinalIgnoreCase) && value.Length == 40 && IsHex(value) && Entropy.LooksRandom(value);
    }

    private static bool IsHex(ReadOnlySpan<char> value)
    {
        foreach (var c in value)
        {
            if (!char.IsAsciiHexDigit(c))
            {
                return false;
            }
        }

        return true;
    }
}

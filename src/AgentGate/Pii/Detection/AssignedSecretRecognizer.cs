using System.Buffers;

namespace AgentGate.Pii.Detection;

/// <summary>A random-looking value that is assigned to a name which says that it is secret: <c>api_key = "…"</c>, <c>"token": "…"</c>.</summary>
internal static class AssignedSecretRecognizer
{
    private const int NameMax = 64;
    private const int ValueMin = 12;
    private const int SecretMin = 16;
    private const int ValueJudged = 64;
    private const int ValueMax = 512;
    private static readonly SearchValues<char> ValueEnd = SearchValues.Create(" \t\r\n\"'`,;)]}<>\\&(");
    private static readonly SearchValues<char> Value =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+/=.~:!|*#^@$%");

    /// <summary>A random value has digits, a pair of user and password a colon.</summary>
    private static readonly SearchValues<char> Needed = SearchValues.Create("0123456789:");

    private static readonly string[] Schemes = ["Bearer ", "Basic ", "Token ", "ApiKey "];

    /// <summary>Tries at an equals sign or colon.</summary>
    public static void Find(ref ScanPass pass, int sign)
    {
        var text = pass.Text;
        var start = ValueStart(text, sign + 1);
        if (start + ValueMin > text.Length || text.Slice(start, ValueMin).ContainsAny(ValueEnd)
            || !TryName(ref pass, sign, out var name))
        {
            return;
        }

        var value = ValueAt(ref pass, start);
        if (!value.ContainsAny(Needed))
        {
            return;
        }

        if ((IsSecret(value) && SecretNames.NamesSecret(name)) || (SecretNames.NamesVendor(name) && VendorValues.Fits(name, value)))
        {
            pass.Add(PiiKind.ApiKey, start, start + value.Length, 0.7);
        }
    }

    /// <summary>The whole text, where it is the value of a field whose name says that it is secret.</summary>
    public static void FindField(ref ScanPass pass, ReadOnlySpan<char> fieldName)
    {
        if (IsSecret(pass.Text) && SecretNames.NamesSecret(fieldName))
        {
            pass.Add(PiiKind.ApiKey, 0, pass.Text.Length, 0.7);
        }
    }

    private static bool TryName(ref ScanPass pass, int sign, out ReadOnlySpan<char> name)
    {
        var text = pass.Text;
        var end = sign;
        var floor = Math.Max(0, sign - 6);
        while (end > floor && text[end - 1] is ' ' or '"' or '\'' or '\\' or '`' or ':' or '?' or '>' or '*')
        {
            end--;
        }

        var start = end;
        floor = Math.Max(0, end - NameMax);
        while (start > floor && (char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] is '_' or '-' or '.'))
        {
            start--;
        }

        pass.Work += end - start;
        name = text[start..end];
        return name.Length >= 3;
    }

    private static int ValueStart(ReadOnlySpan<char> text, int at)
    {
        var limit = Math.Min(text.Length, at + 8);
        while (at < limit && text[at] is ' ' or '=' or ':' or '>' or '"' or '\'' or '`' or '\\' or '\t')
        {
            at++;
        }

        if (at >= text.Length || (text[at] | 0x20) is not ('b' or 't' or 'a'))
        {
            return at;
        }

        foreach (var scheme in Schemes)
        {
            if (text[at..].StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            {
                return at + scheme.Length;
            }
        }

        return at;
    }

    /// <summary>The value up to a delimiter; of what has none soon, only as much as is needed to see that it is none.</summary>
    private static ReadOnlySpan<char> ValueAt(ref ScanPass pass, int start)
    {
        var rest = pass.Text[start..Math.Min(pass.Text.Length, start + ValueMax)];
        var judged = rest[..Math.Min(rest.Length, ValueJudged)];
        var length = judged.IndexOfAny(ValueEnd);
        pass.Work += ValueJudged;
        if (length < 0 && judged.Length == rest.Length)
        {
            length = rest.Length;
        }
        else if (length < 0 && judged.ContainsAnyInRange('0', '9') && Entropy.LooksRandom(judged))
        {
            length = rest.IndexOfAny(ValueEnd);
            length = length < 0 ? rest.Length : length;
            pass.Work += length;
        }

        return length < 0 ? default : rest[..length].TrimEnd(".:!");
    }

    private static bool IsSecret(ReadOnlySpan<char> value)
    {
        if (value.Length is < SecretMin or >= ValueMax || value.ContainsAnyExcept(Value) || value[0] is '$' or '%' or '/' or '.' or '@' or '#')
        {
            return false;
        }

        var digits = 0;
        var letters = 0;
        foreach (var c in value)
        {
            digits += char.IsAsciiDigit(c) ? 1 : 0;
            letters += char.IsAsciiLetter(c) ? 1 : 0;
        }

        return digits >= (value.Length >= 32 ? 1 : 2) && letters >= 2 && !IsPathOrName(value) && Entropy.BitsPerCharacter(value) >= 3.0;
    }

    /// <summary>Host and file names, versions, members of objects: parts joined by dots, none long enough to be random.</summary>
    private static bool IsPathOrName(ReadOnlySpan<char> value)
    {
        if (value.IndexOf("://") >= 0 || value.IndexOf("::") >= 0)
        {
            return true;
        }

        if (value.IndexOf('.') < 0)
        {
            return false;
        }

        foreach (var part in value.Split('.'))
        {
            if (value[part].Length >= 20)
            {
                return false;
            }
        }

        return true;
    }
}

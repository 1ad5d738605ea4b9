using AgentGate.Pii;
using AgentGate.Pii.Detection;

namespace AgentGate.Tests.Pii.Detection;

/// <summary>A scanner with default options, and short ways to ask it.</summary>
internal static class ScannerFixture
{
    public static readonly PiiScanner Default = new(new PiiOptions());

    /// <summary>The findings as "TYPE:value".</summary>
    public static string[] Find(string text) => Find(Default, text);

    public static string[] Find(PiiScanner scanner, string text)
    {
        var matches = new List<PiiMatch>();
        scanner.Scan(text, matches);
        return [.. matches.Select(match => $"{match.Type}:{text.Substring(match.Start, match.Length)}")];
    }

    public static long Work(string text)
    {
        Default.Scan(text, [], out var work);
        return work;
    }

    /// <summary>Digits that pass the Luhn check, made of a prefix by appending the check digit.</summary>
    public static string WithLuhn(string prefix)
    {
        for (var digit = '0'; digit <= '9'; digit++)
        {
            var sum = 0;
            var value = prefix + digit;
            for (var i = 0; i < value.Length; i++)
            {
                var n = value[value.Length - 1 - i] - '0';
                sum += i % 2 == 0 ? n : (n * 2 / 10) + (n * 2 % 10);
            }

            if (sum % 10 == 0)
            {
                return value;
            }
        }

        throw new InvalidOperationException("One of ten digits passes.");
    }
}

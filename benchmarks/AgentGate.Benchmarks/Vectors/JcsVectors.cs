using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AgentGate.Kernel.Canonical;

namespace AgentGate.Benchmarks.Vectors;

/// <summary>
/// The vectors published beside RFC 8785: <c>input/NAME.json</c> with the expected bytes in <c>output/NAME.json</c>, or in hexadecimal in
/// <c>outhex/NAME.txt</c>, or both; and files of numbers, <c>hexadecimal double,expected</c> on each line.
/// </summary>
internal static partial class JcsVectors
{
    public static bool Recognizes(string path) => Folder(path) == "input" && (File.Exists(Beside(path, "output", ".json")) || File.Exists(Beside(path, "outhex", ".txt")));

    public static bool IsExpectation(string path) => Folder(path) is "output" or "outhex"
        && File.Exists(Beside(path, "input", ".json"));

    public static bool RecognizesNumbers(string path)
    {
        if (!path.EndsWith(".txt", StringComparison.Ordinal) || IsExpectation(path))
        {
            return false;
        }

        using var lines = File.ReadLines(path).GetEnumerator();
        return lines.MoveNext() && NumberLine().IsMatch(lines.Current);
    }

    public static void Run(string path, string relative, SuiteTally suite)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        byte[] actual;
        try
        {
            actual = CanonicalJson.Canonicalize(File.ReadAllBytes(path));
        }
        catch (CanonicalJsonException exception)
        {
            suite.Count(false, () => $"{relative}: {name}: refused: {exception.Message}");
            return;
        }

        var expected = new List<(string From, byte[] Bytes)>();
        if (Beside(path, "output", ".json") is var output && File.Exists(output))
        {
            // Canonical JSON never ends with a line end: one that an editor left there is not part of the expectation.
            expected.Add(("output", Encoding.UTF8.GetBytes(File.ReadAllText(output).TrimEnd('\r', '\n'))));
        }

        if (Beside(path, "outhex", ".txt") is var hex && File.Exists(hex))
        {
            expected.Add(("outhex", [.. File.ReadAllText(hex).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                .Select(static h => byte.Parse(h, NumberStyles.HexNumber, CultureInfo.InvariantCulture))]));
        }

        // What is canonical stays as it is.
        expected.Add(("itself once more", CanonicalJson.Canonicalize(actual)));
        var different = expected.Find(e => !e.Bytes.AsSpan().SequenceEqual(actual));
        suite.Count(different.Bytes is null, () => $"{relative}: {name}: not the bytes of {different.From}: {Encoding.UTF8.GetString(actual)}");
    }

    public static void RunNumbers(string path, string relative, SuiteTally suite)
    {
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (line.Split(',') is not [var bits, var expected])
            {
                suite.Count(false, () => $"{relative}: line {number}: not a double in hexadecimal, a comma and a number");
                continue;
            }

            var value = BitConverter.UInt64BitsToDouble(ulong.Parse(bits, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            var actual = Encoding.UTF8.GetString(CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(value.ToString("E16", CultureInfo.InvariantCulture))));
            suite.Count(actual == expected, () => $"{relative}: line {number}: {bits}: expected {expected}, was {actual}");
        }
    }

    private static string Folder(string path) => Path.GetFileName(Path.GetDirectoryName(path) ?? "");

    private static string Beside(string path, string folder, string extension) =>
        Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(path)) ?? "", folder, Path.GetFileNameWithoutExtension(path) + extension);

    [GeneratedRegex("^[0-9a-f]{1,16},-?[0-9][-+.0-9e]*$")]
    private static partial Regex NumberLine();
}

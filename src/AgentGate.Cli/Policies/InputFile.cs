using System.Text;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cli.Policies;

/// <summary>A file that was named on the command line, read whole. <c>-</c> is the standard input.</summary>
/// <param name="Name">The name as a person knows it.</param>
/// <param name="Bytes">What it holds, without a byte order mark.</param>
internal sealed record InputFile(string Name, byte[] Bytes)
{
    public const string StandardInput = "-";

    private const int BytesMax = 4 * CedarLimits.MaxTextLength;
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether it holds JSON rather than Cedar text, which never begins with a brace or bracket.</summary>
    public bool IsJson => Bytes.AsSpan().TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..];

    /// <summary>What it holds as text.</summary>
    /// <exception cref="UnusableInputException">It is not UTF-8.</exception>
    public string Text
    {
        get
        {
            try
            {
                return s_strict.GetString(Bytes);
            }
            catch (DecoderFallbackException)
            {
                throw new UnusableInputException($"{Name} is not UTF-8 text");
            }
        }
    }

    /// <summary>Reads one file.</summary>
    /// <exception cref="UnusableInputException">It cannot be read, or is larger than anything this language allows.</exception>
    public static InputFile Read(string name, Terminal terminal)
    {
        try
        {
            using var stream = Open(name, terminal);
            using var copy = new MemoryStream();
            var buffer = new byte[64 * 1024];
            for (var read = stream.Read(buffer); read > 0; read = stream.Read(buffer))
            {
                copy.Write(buffer, 0, read);
                if (copy.Length > BytesMax)
                {
                    throw new UnusableInputException($"{Known(name)} is larger than {BytesMax} bytes");
                }
            }

            var bytes = copy.ToArray();
            return new InputFile(Known(name), bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes[3..] : bytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UnusableInputException($"{Known(name)} cannot be read: {exception.Message}");
        }
    }

    /// <summary>Opens a file to be read from its beginning to its end.</summary>
    public static Stream Open(string name, Terminal terminal) => name == StandardInput ? terminal.OpenInput() : File.OpenRead(name);

    /// <summary>The files that names, folders and patterns stand for, each once, in a stable order.</summary>
    /// <param name="names">Names; a folder stands for the files below it that end with <paramref name="extension"/>.</param>
    /// <param name="extension">The ending, with its dot.</param>
    /// <exception cref="UnusableInputException">One of them stands for nothing.</exception>
    public static IReadOnlyList<string> Expand(IEnumerable<string> names, string extension)
    {
        var files = new List<string>();
        foreach (var name in names)
        {
            var found = One(name, extension);
            files.AddRange(found.Count > 0 ? found : throw new UnusableInputException($"{name} stands for no file"));
        }

        return [.. files.Distinct(StringComparer.Ordinal)];
    }

    private static List<string> One(string name, string extension)
    {
        if (name == StandardInput || File.Exists(name))
        {
            return [name];
        }

        if (Directory.Exists(name))
        {
            return [.. Directory.EnumerateFiles(name, "*" + extension, SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        }

        if (name.AsSpan().IndexOfAny('*', '?') < 0)
        {
            throw new UnusableInputException($"{name} does not exist");
        }

        // A pattern that the shell has left alone: `*` within a name, `**` over folders, before the last part only.
        var everywhere = name.Contains("**", StringComparison.Ordinal);
        var folder = everywhere ? name[..name.IndexOf("**", StringComparison.Ordinal)] : Path.GetDirectoryName(name) ?? "";
        folder = folder.Length == 0 ? "." : folder;
        return folder.AsSpan().IndexOfAny('*', '?') >= 0 || !Directory.Exists(folder)
            ? []
            : [.. Directory.EnumerateFiles(folder, Path.GetFileName(name), everywhere ? SearchOption.AllDirectories : SearchOption.TopDirectoryOnly).Order(StringComparer.Ordinal)];
    }

    private static string Known(string name) => name == StandardInput ? "<stdin>" : name;
}

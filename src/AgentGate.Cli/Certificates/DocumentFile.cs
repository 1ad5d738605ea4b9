namespace AgentGate.Cli.Certificates;

/// <summary>A file to verify, as it is: the verifier judges every byte.</summary>
internal static class DocumentFile
{
    /// <summary>Reads a file, or the standard input for <c>-</c>, up to a byte more than may be read: that it is too long is a finding, not a refusal.</summary>
    /// <exception cref="UnusableInputException">It cannot be read.</exception>
    public static byte[] Read(string name, int lengthMax, Terminal terminal)
    {
        try
        {
            using var stream = name == "-" ? terminal.OpenInput() : File.OpenRead(name);
            using var copy = new MemoryStream();
            var buffer = new byte[64 * 1024];
            for (var read = stream.Read(buffer); read > 0 && copy.Length <= lengthMax; read = stream.Read(buffer))
            {
                copy.Write(buffer, 0, read);
            }

            return copy.Length > 0 ? copy.ToArray() : throw new UnusableInputException($"{name} is empty");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UnusableInputException($"{name} cannot be read: {exception.Message}");
        }
    }
}

namespace AgentGate.Kernel.Canonical;

/// <summary>A document has no canonical form. The message never repeats the document's content.</summary>
public sealed class CanonicalJsonException : FormatException
{
    /// <summary>A refusal at a place.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="position">The byte position, counted from zero.</param>
    /// <param name="innerException">The parser's own error, if any.</param>
    public CanonicalJsonException(string message, long position, Exception? innerException = null)
        : base($"{message} (byte {position})", innerException)
        => Position = position;

    /// <summary>A refusal without a place.</summary>
    public CanonicalJsonException()
        : base("The document has no canonical form.")
    {
    }

    /// <summary>A refusal without a place.</summary>
    /// <param name="message">What is wrong.</param>
    public CanonicalJsonException(string message)
        : base(message)
    {
    }

    /// <summary>A refusal without a place.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">The parser's own error.</param>
    public CanonicalJsonException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The position of the first byte of the offending token, counted from zero.</summary>
    public long Position { get; }
}

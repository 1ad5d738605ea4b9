namespace AgentGate.Kernel.Transparency;

/// <summary>Bytes are not a signed note, a checkpoint or a verifier key. The message says which rule they break.</summary>
public sealed class NoteFormatException : FormatException
{
    /// <summary>Creates the exception.</summary>
    public NoteFormatException()
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    /// <param name="message">Which rule is broken.</param>
    public NoteFormatException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message and its cause.</summary>
    /// <param name="message">Which rule is broken.</param>
    /// <param name="innerException">The cause.</param>
    public NoteFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

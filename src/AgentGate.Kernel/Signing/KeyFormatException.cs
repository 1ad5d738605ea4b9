namespace AgentGate.Kernel.Signing;

/// <summary>Bytes or text that should be a key are not one. The message names what is wrong, never a secret.</summary>
public sealed class KeyFormatException : FormatException
{
    /// <summary>Creates the exception.</summary>
    public KeyFormatException()
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    public KeyFormatException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message and its cause.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public KeyFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

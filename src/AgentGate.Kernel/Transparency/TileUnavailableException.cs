namespace AgentGate.Kernel.Transparency;

/// <summary>A tile that a proof needs is missing or too short.</summary>
public sealed class TileUnavailableException : Exception
{
    /// <summary>Creates the exception.</summary>
    public TileUnavailableException()
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    /// <param name="message">Which tile.</param>
    public TileUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message and its cause.</summary>
    /// <param name="message">Which tile.</param>
    /// <param name="innerException">The cause.</param>
    public TileUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

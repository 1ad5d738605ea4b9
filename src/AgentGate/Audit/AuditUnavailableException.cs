namespace AgentGate.Audit;

/// <summary>An entry is not on record. Before an effect, the effect must not run.</summary>
public sealed class AuditUnavailableException : Exception
{
    /// <summary>A failure to append.</summary>
    /// <param name="code">The stable <c>AG####</c> code.</param>
    /// <param name="message">What happened; never holds content.</param>
    /// <param name="innerException">The store's own error, if any.</param>
    public AuditUnavailableException(string code, string message, Exception? innerException = null)
        : base($"{code}: {message}", innerException)
        => Code = code;

    /// <summary>A failure without a code.</summary>
    public AuditUnavailableException()
    {
    }

    /// <summary>A failure without a code.</summary>
    /// <param name="message">What happened.</param>
    public AuditUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>A failure without a code.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">The store's own error.</param>
    public AuditUnavailableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The stable <c>AG####</c> code.</summary>
    public string? Code { get; }
}

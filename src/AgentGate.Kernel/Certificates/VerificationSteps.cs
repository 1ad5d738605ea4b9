using System.Collections.Immutable;

namespace AgentGate.Kernel.Certificates;

/// <summary>The names of the steps, as docs/formats/bundle.md has them.</summary>
public static class VerificationSteps
{
    /// <summary>Certificate and bundle are as the formats say.</summary>
    public const string Format = "format";

    /// <summary>The key is known and of the right role and algorithm.</summary>
    public const string Keys = "keys";

    /// <summary>The batch's signature verifies.</summary>
    public const string Signature = "signature";

    /// <summary>The moment of use is within the window.</summary>
    public const string Window = "window";

    /// <summary>The hashes are those of what the bundle holds.</summary>
    public const string Evidence = "evidence";

    /// <summary>Grants and revocations are facts under Γ's roots.</summary>
    public const string Facts = "facts";

    /// <summary>The predicates, evaluated anew, are as stated.</summary>
    public const string Theorem = "theorem";

    /// <summary>What the certificate states fits together.</summary>
    public const string Decision = "decision";

    /// <summary>Enough safety nodes voted yes.</summary>
    public const string Votes = "votes";

    /// <summary>The log's entry is about this certificate.</summary>
    public const string Entry = "entry";

    /// <summary>The entry is in the tree of the checkpoint.</summary>
    public const string Inclusion = "inclusion";

    /// <summary>The checkpoint is signed by the log.</summary>
    public const string Checkpoint = "checkpoint";

    /// <summary>Enough witnesses cosigned the checkpoint.</summary>
    public const string Witnesses = "witnesses";

    /// <summary>All of them, in order.</summary>
    public static ImmutableArray<string> All { get; } =
        [Format, Keys, Signature, Window, Evidence, Facts, Theorem, Decision, Votes, Entry, Inclusion, Checkpoint, Witnesses];
}

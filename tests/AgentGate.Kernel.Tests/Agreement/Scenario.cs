using System.Text.Json.Nodes;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Signing;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Kernel.Tests.Agreement;

/// <summary>One decision before it is sealed: its certificate's body, and what the bundle gives beside it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Content">What the certificate is made from.</param>
/// <param name="Body">The body.</param>
/// <param name="Evidence">The bundle's members but certificate, entry and checkpoint.</param>
/// <param name="Entry">What kind of entry records it.</param>
internal sealed record Scenario(string Kind, CertificateContent Content, JsonObject Body, JsonObject Evidence, EntryKind Entry)
{
    /// <summary>What is done to the entry before it becomes a leaf.</summary>
    public Action<JsonObject>? EditEntry { get; init; }

    /// <summary>What is done to the seal.</summary>
    public Func<CertificateSeal, CertificateSeal>? EditSeal { get; init; }

    /// <summary>The checkpoint that is signed instead of the right one.</summary>
    public Func<Checkpoint, Checkpoint>? EditCheckpoint { get; init; }

    /// <summary>The key that signs the batch instead of the right one.</summary>
    public SigningKey? BatchKey { get; init; }

    /// <summary>Who signs the checkpoint instead of the right one.</summary>
    public NoteSigner? LogSigner { get; init; }

    /// <summary>A copy whose parts can be changed.</summary>
    public Scenario Copy(string kind) => this with { Kind = kind, Body = (JsonObject)Body.DeepClone(), Evidence = (JsonObject)Evidence.DeepClone() };
}

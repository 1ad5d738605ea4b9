using System.Text.Json.Nodes;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Kernel.Tests.Agreement;

/// <summary>One decision before it is sealed: its certificate's body, and what the bundle gives beside it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Content">What the certificate is made from; <see langword="null"/> where the body was changed since.</param>
/// <param name="Body">The body.</param>
/// <param name="Evidence">The bundle's members but certificate, entry and checkpoint.</param>
/// <param name="Entry">What kind of entry records it.</param>
internal sealed record Scenario(string Kind, CertificateContent? Content, JsonObject Body, JsonObject Evidence, EntryKind Entry)
{
    /// <summary>A copy whose parts can be changed.</summary>
    public Scenario Copy(string kind) => this with { Kind = kind, Body = (JsonObject)Body.DeepClone(), Evidence = (JsonObject)Evidence.DeepClone() };
}

using System.Buffers;
using System.Text.Json;
using AgentGate.Kernel.Canonical;
using AgentGate.Kernel.Delegation;
using AgentGate.Pipeline;

namespace AgentGate.Delegation;

/// <summary>Proves the grants and revocations that a decision rests on, as docs/formats/bundle.md says. Thread-safe.</summary>
internal sealed class GrantEvidence : IGrantEvidence
{
    public ReadOnlyMemory<byte> Write(string delegationRef, IGrantFacts facts)
    {
        if (facts is not GrantSnapshot snapshot)
        {
            // Decided where no grants are kept: everything is absent, from empty trees.
            snapshot = GrantSnapshot.Empty;
        }

        var found = GrantChain.Follow(delegationRef, snapshot);
        var missing = found.Reason is null or ChainReasons.Depth ? null : found.Chain.IsEmpty ? delegationRef : found.Chain[^1].ParentId;
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            WriteGrants(writer, snapshot, found, missing);
            WriteRevocations(writer, snapshot, found);
            writer.WriteEndObject();
        }

        return CanonicalJson.Canonicalize(buffer.WrittenSpan);
    }

    private static void WriteGrants(Utf8JsonWriter writer, GrantSnapshot snapshot, ChainCheck found, string? missing)
    {
        writer.WriteStartArray("grants");
        foreach (var grant in found.Chain)
        {
            writer.WriteStartObject();
            Write(writer, "grant", snapshot.GrantsTree.Present(grant.Id)!);
            writer.WriteEndObject();
        }

        if (missing is not null)
        {
            writer.WriteStartObject();
            writer.WriteString("grant_id", missing);
            WriteAbsent(writer, snapshot.GrantsTree, missing);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteRevocations(Utf8JsonWriter writer, GrantSnapshot snapshot, ChainCheck found)
    {
        writer.WriteStartArray("revocations");
        foreach (var grant in found.Chain)
        {
            writer.WriteStartObject();
            writer.WriteString("grant_id", grant.Id);
            if (snapshot.RevocationsTree.Present(grant.Id) is { } revoked)
            {
                writer.WriteStartObject("present");
                Write(writer, "fact", revoked);
                writer.WriteEndObject();
            }
            else
            {
                WriteAbsent(writer, snapshot.RevocationsTree, grant.Id);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteAbsent(Utf8JsonWriter writer, FactTree tree, string id)
    {
        writer.WriteStartArray("absent");
        foreach (var neighbour in tree.Absent(id)!.Value)
        {
            writer.WriteStartObject();
            Write(writer, "fact", neighbour);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, string name, ProvenFact shown)
    {
        writer.WritePropertyName(name);
        writer.WriteRawValue(shown.Fact.Span);
        writer.WriteStartObject("proof");
        writer.WriteNumber("index", shown.Proof.Index);
        writer.WriteStartArray("path");
        foreach (var hash in shown.Proof.Path)
        {
            writer.WriteStringValue(hash);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}

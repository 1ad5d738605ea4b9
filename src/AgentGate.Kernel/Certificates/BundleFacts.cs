using System.Collections.Immutable;
using AgentGate.Kernel.Canonical;
using AgentGate.Kernel.Delegation;

namespace AgentGate.Kernel.Certificates;

/// <summary>Writes the members <c>grants</c> and <c>revocations</c> of a bundle (docs/formats/bundle.md). Pure and thread-safe.</summary>
public static class BundleFacts
{
    /// <summary>The grants of a chain, leaf first, each with its proof; a missing one ends it with the proof that it does not exist.</summary>
    /// <param name="delegationRef">The grant that α names.</param>
    /// <param name="facts">The grants that were in force.</param>
    /// <returns>Canonical JSON.</returns>
    public static byte[] Grants(string delegationRef, GrantSnapshot facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var output = new CanonicalBuffer(4_096);
        var json = new CanonicalWriter(output);
        json.BeginArray();
        var chain = GrantChain.Follow(delegationRef, facts).Chain;
        foreach (var grant in chain)
        {
            var shown = facts.GrantsTree.Present(grant.Id)!;
            json.BeginObject();
            json.Name("\"grant\":"u8);
            json.Raw(shown.Fact.Span);
            json.Name("\"proof\":"u8);
            Write(ref json, shown.Proof);
            json.EndObject();
        }

        var missing = chain.IsEmpty ? delegationRef : chain[^1].ParentId;
        if (missing is not null && chain.Length < GrantChain.MaxDepth)
        {
            json.BeginObject();
            json.Name("\"absent\":"u8);
            Write(ref json, facts.GrantsTree.Absent(missing) ?? []);
            json.Name("\"grant_id\":"u8);
            json.Text(missing);
            json.EndObject();
        }

        json.EndArray();
        return output.Written.ToArray();
    }

    /// <summary>Of each grant of a chain whether it was revoked, with the proof.</summary>
    /// <param name="delegationRef">The grant that α names.</param>
    /// <param name="facts">The grants and revocations that were in force.</param>
    /// <returns>Canonical JSON.</returns>
    public static byte[] Revocations(string delegationRef, GrantSnapshot facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var output = new CanonicalBuffer(4_096);
        var json = new CanonicalWriter(output);
        json.BeginArray();
        foreach (var grant in GrantChain.Follow(delegationRef, facts).Chain)
        {
            json.BeginObject();
            var present = facts.RevocationsTree.Present(grant.Id);
            if (present is null)
            {
                json.Name("\"absent\":"u8);
                Write(ref json, facts.RevocationsTree.Absent(grant.Id) ?? []);
            }

            json.Name("\"grant_id\":"u8);
            json.Text(grant.Id);
            if (present is not null)
            {
                json.Name("\"present\":"u8);
                Write(ref json, present);
            }

            json.EndObject();
        }

        json.EndArray();
        return output.Written.ToArray();
    }

    private static void Write(ref CanonicalWriter json, ImmutableArray<ProvenFact> facts)
    {
        json.BeginArray();
        foreach (var fact in facts)
        {
            Write(ref json, fact);
        }

        json.EndArray();
    }

    private static void Write(ref CanonicalWriter json, ProvenFact shown)
    {
        json.BeginObject();
        json.Name("\"fact\":"u8);
        json.Raw(shown.Fact.Span);
        json.Name("\"proof\":"u8);
        Write(ref json, shown.Proof);
        json.EndObject();
    }

    private static void Write(ref CanonicalWriter json, FactProof proof)
    {
        json.BeginObject();
        json.Name("\"index\":"u8);
        json.Number(proof.Index);
        json.Name("\"path\":"u8);
        json.BeginArray();
        foreach (var hash in proof.Path)
        {
            json.Text(hash);
        }

        json.EndArray();
        json.EndObject();
    }
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Approvals;

/// <summary>
/// What an approval is bound to: HMAC-SHA-256 over everything that makes a call the call it is — tenant, door, principal, grant, action,
/// resource, further permissions, targets, PII session, skipped guards and the content byte for byte — each with its length before it. Under a key, so that nobody can try
/// contents. Thread-safe.
/// </summary>
/// <param name="key">32 bytes. All servers of one store have the same.</param>
internal sealed class CallDigests(byte[] key)
{
    private static readonly byte[] s_version = "agentgate/call/v1"u8.ToArray();

    /// <summary>The lower-case hex digest of a call with its content as the caller sent it.</summary>
    public string Of(GateCall call, CallContent raw)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(s_version);
        Add(hash, call.Principal.Tenant);
        Add(hash, call.Door);
        Add(hash, call.Principal.Id);
        Add(hash, call.Context.DelegationRef ?? string.Empty);
        Add(hash, call.Action);
        Add(hash, call.Resource);
        Add(hash, call.AlsoRequires.IsDefault ? 0 : call.AlsoRequires.Length);
        foreach (var (action, resource) in call.AlsoRequires.IsDefault ? [] : call.AlsoRequires)
        {
            Add(hash, action);
            Add(hash, resource);
        }

        Add(hash, call.Targets.IsDefault ? 0 : call.Targets.Length);
        foreach (var target in call.Targets.IsDefault ? [] : call.Targets)
        {
            Add(hash, target.Provider);
            Add(hash, target.Name);
            Add(hash, target.Region ?? string.Empty);
        }

        Add(hash, call.Context.SessionName ?? string.Empty);
        Add(hash, call.Context.SkippedGuards.IsDefault ? 0 : call.Context.SkippedGuards.Length);
        foreach (var guard in call.Context.SkippedGuards.IsDefault ? [] : call.Context.SkippedGuards)
        {
            Add(hash, guard);
        }

        Add(hash, call.ArgumentsAt);
        Add(hash, raw.ToUtf8().Span);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Add(IncrementalHash hash, EntityRef entity)
    {
        Add(hash, entity.Type);
        Add(hash, entity.Id);
    }

    private static void Add(IncrementalHash hash, string text) => Add(hash, Encoding.UTF8.GetBytes(text));

    private static void Add(IncrementalHash hash, ReadOnlySpan<byte> bytes)
    {
        Add(hash, bytes.Length);
        hash.AppendData(bytes);
    }

    private static void Add(IncrementalHash hash, int number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        hash.AppendData(bytes);
    }
}

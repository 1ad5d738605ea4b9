using AgentGate.Certificates;
using AgentGate.Storage.Certificates;

namespace AgentGate.Storage.Transactions;

/// <summary>
/// Encrypts what steps got and gave: a random key per outermost transaction, wrapped under the master key of evidence, and of it a key per
/// value, bound to tenant, principal, step and which of the two it is. Without the transaction's key nothing of it can be read.
/// </summary>
internal sealed class StepContent(EvidenceCipher cipher)
{
    private const string Input = " step input";
    private const string Output = " step output";

    /// <summary>Gives an outermost transaction its key.</summary>
    public void Begin(TransactionRow root)
    {
        var (keyId, _, wrapped) = cipher.Begin(root.Tenant, root.Principal);
        (root.KeyId, root.ContentKey) = (keyId, wrapped);
    }

    public byte[] SealInput(TransactionRow root, string step, ReadOnlySpan<byte> plain) => Seal(root, step + Input, plain);

    public byte[] SealOutput(TransactionRow root, string step, ReadOnlySpan<byte> plain) => Seal(root, step + Output, plain);

    /// <summary>What a step got and gave; nothing where it is gone or cannot be decrypted.</summary>
    public (ReadOnlyMemory<byte>? Input, ReadOnlyMemory<byte>? Output) Open(TransactionRow root, TransactionStepRow step)
    {
        if (root.ContentKey is null || step.Input is null)
        {
            return (null, null);
        }

        try
        {
            var key = Key(root);
            var input = EvidenceCipher.Decrypt(key, root.Tenant, root.Principal, step.Id + Input, step.Input);
            if (step.Output is null)
            {
                // Not in one expression: null would become an empty memory there, and no output is not an empty one.
                return (input.AsMemory(), new ReadOnlyMemory<byte>?());
            }

            return (input.AsMemory(), EvidenceCipher.Decrypt(key, root.Tenant, root.Principal, step.Id + Output, step.Output).AsMemory());
        }
        catch (EvidenceException)
        {
            // The rollback reports it: what cannot be read cannot be undone.
            return (null, null);
        }
    }

    private byte[] Seal(TransactionRow root, string what, ReadOnlySpan<byte> plain)
        => cipher.Encrypt(Key(root), root.Tenant, root.Principal, what, plain);

    private byte[] Key(TransactionRow root)
        => cipher.Unwrap(root.Tenant, root.Principal, root.KeyId!, root.ContentKey ?? throw new EvidenceException("the key of the transaction is gone"));
}

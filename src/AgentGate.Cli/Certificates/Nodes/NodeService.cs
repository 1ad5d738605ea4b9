using System.Security.Cryptography;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Signing;

namespace AgentGate.Cli.Certificates.Nodes;

/// <summary>Answers requests for votes. Thread-safe.</summary>
internal sealed class NodeService(SafetyNodeJudge judge, SigningKey key, TimeProvider time, TextWriter output)
{
    private const int NonceBytes = 16;

    /// <summary>The node's id.</summary>
    public string NodeId => judge.NodeId;

    /// <summary>The id of its key.</summary>
    public string KeyId => judge.KeyId;

    /// <summary>Judges a request, and signs what was found.</summary>
    /// <returns>The vote's canonical JSON; or why there is none.</returns>
    public (byte[]? Vote, string? Fault) Vote(ReadOnlySpan<byte> body)
    {
        VoteRequest request;
        try
        {
            request = VoteRequest.Parse(body);
        }
        catch (FormatException exception)
        {
            return (null, exception.Message);
        }

        var vote = judge.Judge(request, time.GetUtcNow(), Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NonceBytes)));
        output.WriteLine($"node {judge.NodeId}: {(vote.IsYes ? "yes" : "no")} ({vote.Reason}) on decision {vote.DecisionId}");
        output.Flush();
        return (SignedVote.Sign(vote, key).ToCanonicalJson(), null);
    }
}

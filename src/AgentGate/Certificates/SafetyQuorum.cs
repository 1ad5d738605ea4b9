using System.Collections.Immutable;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging;

namespace AgentGate.Certificates;

/// <summary>Break-glass: asks the safety nodes, believes none of them further than its signature, and puts every vote on record.</summary>
internal sealed partial class SafetyQuorum(
    SafetyNodes nodes,
    ISafetyNodeTransport transport,
    IDecisionRecorder recorder,
    SafetyNodeOptions options,
    IIdSource ids,
    TimeProvider time,
    ILogger<SafetyQuorum> logger) : ISafetyQuorum
{
    public VoteQuorum? Of(string tenant) => nodes.QuorumOf(tenant);

    public async ValueTask<VotedDecision> VoteAsync(AdmissibilityEvidence evidence, string contentDigest, CancellationToken cancellationToken)
    {
        // What is voted on is fixed before anybody is asked: the certificate bears this id and this α.
        var (epoch, decisionId) = (evidence.Epoch, ids.NewId());
        var bound = evidence.Alpha with
        {
            ContentDigest = contentDigest, Nonce = ids.Hex(DecisionRandom.NonceBytes), Salt = ids.Hex(DecisionRandom.SaltBytes),
        };
        var alpha = AlphaJson.Write(bound);
        ImmutableArray<SignedVote> votes = [];
        var yes = 0;
        if (epoch.Knowledge.Settings.Quorum is { } quorum)
        {
            var chain = ChainFacts.Write(bound.DelegationRef, epoch.Knowledge.Grants);
            var body = VoteRequest.Write(decisionId, alpha, epoch.Gamma.Span, epoch.Settings.Span, PolicySetDocument.Write(epoch.Knowledge.Policies.Policies), chain.Span);
            var question = new VoteQuestion(decisionId, AlphaJson.Hash(alpha), epoch.GammaHash);
            (yes, votes) = await AskAsync(new QuorumAsk(bound.Tenant, bound.CallId, question, quorum, body), cancellationToken);
        }

        return new VotedDecision(decisionId, bound, alpha, Theorem.Evaluate(bound, epoch.Knowledge, yes), votes);
    }

    /// <summary>Asks every node at once. What is not in the log counts for nothing, and the throw ends the call.</summary>
    internal async Task<(int Yes, ImmutableArray<SignedVote> Votes)> AskAsync(QuorumAsk ask, CancellationToken cancellationToken)
    {
        var known = nodes.NodesOf(ask.Tenant);
        using var deadline = new CancellationTokenSource(options.Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var asked = ask.Quorum.Nodes
            .Select(named => known.FirstOrDefault(node => node.NodeId == named.NodeId && node.Key.Id == named.KeyId))
            .OfType<SafetyNode>()
            .Select(node => AskAsync(node, ask, either.Token, cancellationToken));
        ImmutableArray<SignedVote> votes = [.. (await Task.WhenAll(asked)).OfType<SignedVote>()];
        await Task.WhenAll(votes.Select(vote => recorder.AppendAsync(new DecisionRecord(Entry(ask, vote)), cancellationToken).AsTask()));
        var yes = VoteCount.Yes(votes, ask.Question, ask.Quorum, id => known.FirstOrDefault(node => node.Key.Id == id)?.Key);
        Log.Counted(logger, ask.CallId, yes, votes.Length, ask.Quorum.Votes);
        return (yes, votes);
    }

    private async Task<SignedVote?> AskAsync(SafetyNode node, QuorumAsk ask, CancellationToken either, CancellationToken caller)
    {
        ReadOnlyMemory<byte> answer;
        try
        {
            // Yielded first, so that a slow start of one node's request does not delay the others'.
            await Task.Yield();
            answer = await transport.AskAsync(node, ask.Body, either);
        }
        catch (SafetyNodeUnreachableException unreachable)
        {
            Log.Unreachable(logger, node.NodeId, ask.CallId, unreachable.Message);
            return null;
        }
        catch (OperationCanceledException) when (!caller.IsCancellationRequested)
        {
            Log.Unreachable(logger, node.NodeId, ask.CallId, "no answer in time");
            return null;
        }

        try
        {
            var vote = SignedVote.Parse(answer.Span);
            if (vote.Vote.NodeId == node.NodeId && VoteCount.Counts(vote, ask.Question, ask.Quorum, id => id == node.Key.Id ? node.Key : null))
            {
                return vote;
            }

            Log.Refused(logger, node.NodeId, ask.CallId, ask.Question.IsAnsweredBy(vote.Vote) ? "it is not signed with the node's key" : "it is about something else");
        }
        catch (FormatException)
        {
            Log.Refused(logger, node.NodeId, ask.CallId, "it is no vote");
        }

        return null;
    }

    private LogEntryBody Entry(QuorumAsk ask, SignedVote vote) => new()
    {
        Id = ids.NewId(),
        Kind = EntryKind.Vote,
        At = time.GetUtcNow(),
        Tenant = ask.Tenant,
        CallId = ask.CallId,
        DecisionId = ask.Question.DecisionId,
        Detail = vote.Vote.IsYes ? "yes" : "no",
        Statement = System.Text.Encoding.UTF8.GetString(vote.ToCanonicalJson()),
    };

    private static partial class Log
    {
        [LoggerMessage(1332, LogLevel.Error, "AG1332: the answer of safety node {Node} in call {CallId} does not count: {Why}.")]
        public static partial void Refused(ILogger logger, string node, string callId, string why);

        [LoggerMessage(1333, LogLevel.Warning, "AG1333: safety node {Node} said nothing in call {CallId}: {Why}. That is never a yes.")]
        public static partial void Unreachable(ILogger logger, string node, string callId, string why);

        [LoggerMessage(1334, LogLevel.Information, "Call {CallId}: {Yes} of {Votes} votes are yes; {Needed} are needed.")]
        public static partial void Counted(ILogger logger, string callId, int yes, int votes, int needed);
    }
}

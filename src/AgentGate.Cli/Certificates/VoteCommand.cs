using System.CommandLine;
using AgentGate.Cli.Policies;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Signing;

namespace AgentGate.Cli.Certificates;

/// <summary><c>agentgate vote replay</c>: was a safety node honest?</summary>
internal static class VoteCommand
{
    public static Command Create(Terminal terminal) => new("vote", "Check the votes of safety nodes.") { Replay(terminal) };

    private static Command Replay(Terminal terminal)
    {
        var vote = new Argument<string>("VOTE") { Description = "The vote: the statement of a log entry of kind `vote`, or one of a bundle's votes." };
        var bundle = new Option<string>("--bundle") { Description = "The bundle of the decision it was about.", HelpName = "FILE", Required = true };
        var keys = new Option<string?>("--keys") { Description = "Public keys (JWKS): the node's, and those that sign grants. Without them signatures are not checked.", HelpName = "FILE" };
        var command = new Command(
            "replay",
            """
            Evaluate anew what a node says it evaluated, and compare. Exit status: 0 the vote is honest, 1 the node lied, 2 the files
            cannot be used, or the vote is about something else.
            """)
        {
            vote, bundle, keys,
        };
        command.SetAction(line =>
        {
            var known = Keys(line.GetValue(keys), terminal);
            var signed = Use(line.GetRequiredValue(vote), terminal, bytes => SignedVote.Parse(Trim(bytes)));
            var request = Use(line.GetRequiredValue(bundle), terminal, VoteRequest.FromBundle);
            if (known is not null && !(known.TryGetValue(signed.KeyId, out var key) && signed.IsSignedBy(key)))
            {
                throw new UnusableInputException($"the vote is not signed by {signed.KeyId}, or the keys do not have it: it is nobody's.");
            }

            if (request.Fault(id => known?.GetValueOrDefault(id)) is { } fault)
            {
                throw new UnusableInputException($"the bundle cannot be replayed: {fault}.");
            }

            var result = VoteReplay.Replay(signed, request.Question, request.Alpha, request.Knowledge());
            var (word, said) = (signed.Vote.IsYes ? "yes" : "no", known is null ? " (the signature was not checked: --keys)" : "");
            terminal.Out.WriteLine(result.Outcome switch
            {
                VoteReplayOutcome.Honest => $"honest: {signed.Vote.NodeId} voted {word} ({signed.Vote.Reason}), and so does the evaluation{said}",
                VoteReplayOutcome.Lied when signed.Vote.IsYes => $"lied: {signed.Vote.NodeId} voted yes, and {result.Failing} fails{said}",
                VoteReplayOutcome.Lied => $"lied: {signed.Vote.NodeId} voted no for {signed.Vote.Reason}, and {(result.Failing is { } other ? $"{other} fails" : "everything holds")}{said}",
                _ => "foreign: the vote is about another decision, request, knowledge or theorem than the bundle",
            });
            return result.Outcome switch { VoteReplayOutcome.Honest => ExitCode.Ok, VoteReplayOutcome.Lied => ExitCode.Finding, _ => ExitCode.Unusable };
        });
        return command;
    }

    private static T Use<T>(string name, Terminal terminal, Func<byte[], T> read)
    {
        var file = InputFile.Read(name, terminal);
        try
        {
            return read(file.Bytes);
        }
        catch (FormatException exception)
        {
            throw new UnusableInputException($"{file.Name}: {exception.Message}");
        }
    }

    private static Dictionary<string, VerificationKey>? Keys(string? name, Terminal terminal)
        => name is null ? null : Use(name, terminal, static bytes => JsonWebKeys.Read(bytes).ToDictionary(static key => key.Id, StringComparer.Ordinal));

    /// <summary>A file that was written by a person ends with a line end.</summary>
    private static ReadOnlySpan<byte> Trim(byte[] bytes) => bytes.AsSpan().TrimEnd("\r\n"u8);
}

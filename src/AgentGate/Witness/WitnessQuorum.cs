using System.Collections.Concurrent;
using System.Globalization;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentGate.Witness;

/// <summary>
/// Asks all witnesses at once and believes none further than its signature. Who does not answer, answers late or wrongly has not cosigned;
/// with fewer cosignatures than the quorum there is nothing to publish. Thread-safe.
/// </summary>
internal sealed partial class WitnessQuorum : ICheckpointWitnesses
{
    // Another process of the same log may be ahead of us at a witness; more than this many times it is not by chance.
    private const int AttemptsMax = 3;

    private readonly WitnessPolicy _policy;
    private readonly Asked[] _witnesses;
    private readonly TimeSpan _deadline;
    private readonly IWitnessTransport _transport;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;

    // What each witness cosigned last, as far as we know: a hint that spares a request, nothing is decided by it.
    private readonly ConcurrentDictionary<(string Witness, string Origin), long> _sizes = new();

    public WitnessQuorum(WitnessOptions options, IWitnessTransport transport, TimeProvider clock, ILogger<WitnessQuorum>? logger = null)
    {
        _policy = options.Policy();
        _witnesses = [.. _policy.Witnesses.Zip(options.Witnesses, static (key, endpoint) => new Asked(key, endpoint.Url!))];
        (_deadline, _transport, _clock) = (options.Deadline, transport, clock);
        _logger = logger ?? (ILogger)NullLogger.Instance;
    }

    public int Quorum => _policy.Quorum;

    public async ValueTask<CosignResult> CosignAsync(
        string origin,
        ReadOnlyMemory<byte> signedNote,
        Func<long, long, CancellationToken, ValueTask<IReadOnlyList<byte[]>>> consistencyProof,
        CancellationToken cancellationToken)
    {
        if (!SignedNote.TryParse(signedNote.Span, out var note, out var error) || !Checkpoint.TryParse(note.Text.Span, out var checkpoint, out error))
        {
            return NoQuorum(origin, $"The checkpoint cannot be read: {error}");
        }

        if (checkpoint.Origin != origin)
        {
            return NoQuorum(origin, "The checkpoint is that of another log.");
        }

        if (_policy.Quorum == 0)
        {
            return new CosignResult.Cosigned(signedNote, []);
        }

        using var late = new CancellationTokenSource(_deadline, _clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        var question = new Question(signedNote, note, checkpoint, consistencyProof);
        var asked = _witnesses.Select(witness => AskAsync(witness, question, stop.Token)).ToList();
        var (signatures, reasons) = (new List<(string Name, NoteSignature Signature)>(), new List<string>());
        try
        {
            await foreach (var answer in Task.WhenEach(asked))
            {
                var (name, voice) = await answer;
                if (voice is WitnessVoice.Yes yes)
                {
                    signatures.Add((name, yes.Signature));
                    if (signatures.Count == _policy.Quorum)
                    {
                        break;
                    }
                }
                else
                {
                    reasons.Add($"{name} {Words(voice)}");
                }
            }
        }
        finally
        {
            // With a quorum the others are not waited for: one that is down must not delay every checkpoint.
            question.Settled = true;
            await stop.CancelAsync();
            await ((Task)Task.WhenAll(asked)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (signatures.Count < _policy.Quorum)
        {
            return NoQuorum(origin, string.Create(
                CultureInfo.InvariantCulture,
                $"{signatures.Count} of {_witnesses.Length} witnesses cosigned size {checkpoint.Size}, {_policy.Quorum} are needed: {string.Join("; ", reasons)}."));
        }

        var cosigned = note.With(signatures.Select(static signature => signature.Signature));
        return new CosignResult.Cosigned(cosigned.ToBytes(), [.. signatures.Select(static signature => signature.Name)]);
    }

    private static string Words(WitnessVoice voice) => voice switch
    {
        WitnessVoice.Silence silence => silence.Why,
        WitnessVoice.Elsewhere elsewhere => string.Create(CultureInfo.InvariantCulture, $"cosigned size {elsewhere.Size} last"),
        _ => "found that the checkpoint does not continue the one it cosigned last",
    };

    private async Task<(string Name, WitnessVoice Voice)> AskAsync(Asked witness, Question question, CancellationToken stop)
    {
        var voice = await VoiceAsync(witness, question, stop);
        var (name, origin, size) = (witness.Key.Name, question.Checkpoint.Origin, question.Checkpoint.Size);
        switch (voice)
        {
            case WitnessVoice.Yes:
            case WitnessVoice.Silence when question.Settled:
                break;
            case WitnessVoice.Elsewhere elsewhere when elsewhere.Size > size:
                Log.KnowsMore(_logger, Codes.WitnessKnowsLargerLog, name, origin, elsewhere.Size, size);
                break;
            case WitnessVoice.Refusal:
                Log.Inconsistent(_logger, Codes.WitnessRefused, name, origin, size);
                break;
            default:
                Log.Silent(_logger, Codes.WitnessSilent, name, origin, Words(voice));
                break;
        }

        return (name, voice);
    }

    private async Task<WitnessVoice> VoiceAsync(Asked witness, Question question, CancellationToken stop)
    {
        var checkpoint = question.Checkpoint;
        var hint = (witness.Key.Name, checkpoint.Origin);
        WitnessVoice voice = new WitnessVoice.Silence("was not asked");
        try
        {
            var old = Math.Min(_sizes.GetValueOrDefault(hint), checkpoint.Size);
            for (var attempt = 0; attempt < AttemptsMax; attempt++)
            {
                var proof = await question.Proof(old, checkpoint.Size, stop);
                var body = AddCheckpointRequest.Format(old, old == checkpoint.Size ? [] : proof, question.Bytes.Span);
                voice = WitnessVoice.Read(await _transport.AddCheckpointAsync(witness.Url, body, stop), witness.Key, question.Note);
                if (voice is not WitnessVoice.Elsewhere elsewhere)
                {
                    break;
                }

                _sizes[hint] = elsewhere.Size;
                if (elsewhere.Size > checkpoint.Size)
                {
                    break;
                }

                old = elsewhere.Size;
            }
        }
        catch (OperationCanceledException)
        {
            return new WitnessVoice.Silence("did not answer in time");
        }
        catch (TileUnavailableException exception)
        {
            return new WitnessVoice.Silence($"could not be given a proof: {exception.Message}");
        }

        if (voice is WitnessVoice.Yes)
        {
            _sizes[hint] = checkpoint.Size;
        }

        return voice;
    }

    private CosignResult.NoQuorum NoQuorum(string origin, string reason)
    {
        Log.NoQuorum(_logger, Codes.WitnessQuorumMissing, origin, reason);
        return new CosignResult.NoQuorum(reason);
    }

    private sealed record Asked(NoteKey Key, Uri Url);

    private sealed record Question(
        ReadOnlyMemory<byte> Bytes,
        SignedNote Note,
        Checkpoint Checkpoint,
        Func<long, long, CancellationToken, ValueTask<IReadOnlyList<byte[]>>> Proof)
    {
        /// <summary>Whether the answers that are still out no longer matter.</summary>
        public volatile bool Settled;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 4301, Level = LogLevel.Error, Message = "{Code}: the checkpoint of {Origin} is not published: {Reason}")]
        public static partial void NoQuorum(ILogger logger, string code, string origin, string reason);

        [LoggerMessage(EventId = 4302, Level = LogLevel.Warning, Message = "{Code}: the witness {Witness} has not cosigned {Origin}: it {Why}.")]
        public static partial void Silent(ILogger logger, string code, string witness, string origin, string why);

        [LoggerMessage(EventId = 4303, Level = LogLevel.Critical, Message = "{Code}: the witness {Witness} cosigned {Origin} at {Known}, beyond our {Size}: entries of this log were lost, or someone else signs it.")]
        public static partial void KnowsMore(ILogger logger, string code, string witness, string origin, long known, long size);

        [LoggerMessage(EventId = 4304, Level = LogLevel.Critical, Message = "{Code}: the witness {Witness} finds that {Origin} at {Size} does not continue what it cosigned: the log has two histories.")]
        public static partial void Inconsistent(ILogger logger, string code, string witness, string origin, long size);
    }
}

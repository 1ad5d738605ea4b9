using System.Globalization;
using System.Text;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Cli.Witness;

/// <summary>
/// Answers requests to a witness. Reading what was cosigned last, deciding and storing are one step for each log: two requests at once
/// cannot both continue the same checkpoint. Thread-safe.
/// </summary>
internal sealed class WitnessService
{
    private const string Plain = "text/plain; charset=utf-8";

    private readonly NoteSigner _signer;
    private readonly WitnessStore _store;
    private readonly TimeProvider _clock;
    private readonly TextWriter _output;
    private readonly Dictionary<string, Log> _logs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Log> _byHash = new(StringComparer.Ordinal);

    /// <summary>Reads what was cosigned last for each log.</summary>
    /// <exception cref="UnusableInputException">A stored note is not one this witness cosigned.</exception>
    public WitnessService(
        NoteSigner signer, IReadOnlyDictionary<string, IReadOnlyList<NoteKey>> logs, WitnessStore store, TimeProvider clock, TextWriter output)
    {
        (_signer, _store, _clock, _output) = (signer, store, clock, output);
        foreach (var (origin, keys) in logs)
        {
            var log = new Log(keys, store.Find(origin));
            _logs.Add(origin, log);
            _byHash.Add(WitnessStore.HashOf(origin), log);
        }
    }

    /// <summary>Answers <c>add-checkpoint</c>.</summary>
    public async Task<WitnessAnswer> AddCheckpointAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (!AddCheckpointRequest.TryParse(body.Span, out var request, out var error))
        {
            return new WitnessAnswer(400, Plain, error + "\n");
        }

        if (!_logs.TryGetValue(request.Checkpoint.Origin, out var log))
        {
            return new WitnessAnswer(404, Plain, "This witness does not know the origin.\n");
        }

        await log.Step.WaitAsync(cancellationToken);
        try
        {
            return Decide(request, log);
        }
        finally
        {
            log.Step.Release();
        }
    }

    /// <summary>Answers a monitor: the note cosigned last, by the hash of its origin.</summary>
    public WitnessAnswer Checkpoint(string hash) => _byHash.TryGetValue(hash, out var log) && log.Note is { } note
        ? new WitnessAnswer(200, Plain, Encoding.UTF8.GetString(note.ToBytes()))
        : new WitnessAnswer(404, Plain, "This witness has cosigned nothing of such an origin.\n");

    private WitnessAnswer Decide(AddCheckpointRequest request, Log log)
    {
        var checkpoint = request.Checkpoint;
        var outcome = WitnessRules.Decide(request, log.Keys, log.State);
        switch (outcome)
        {
            case WitnessOutcome.Accepted:
                var cosignature = _signer.Cosign(request.Note.Text.Span, _clock.GetUtcNow());

                // Of the signatures that came along only the log's own are kept: the others say nothing to this witness.
                _ = request.Note.Verify(log.Keys, out var verified);
                var note = new SignedNote(request.Note.Text, [.. verified.Select(static signature => signature.Signature), cosignature]);
                try
                {
                    _store.Put(checkpoint.Origin, note);
                }
                catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
                {
                    Tell($"could not store {checkpoint.Origin} at {checkpoint.Size}, so nothing was cosigned: {exception.Message}");
                    return new WitnessAnswer(500, Plain, "The witness could not store the checkpoint and has not cosigned it.\n");
                }

                log.Note = note;
                Tell($"cosigned {checkpoint.Origin} at {checkpoint.Size}");
                return new WitnessAnswer(200, Plain, cosignature.ToLine() + "\n");
            case WitnessOutcome.Conflict conflict:
                return new WitnessAnswer(outcome.Status, "text/x.tlog.size", string.Create(CultureInfo.InvariantCulture, $"{conflict.Size}\n"));
            case WitnessOutcome.Inconsistent inconsistent:
                Tell($"REFUSED {checkpoint.Origin} at {checkpoint.Size}, signed by the log, beside {log.State.Size} cosigned before: {inconsistent.Reason}");
                return new WitnessAnswer(outcome.Status, Plain, inconsistent.Reason + "\n");
            case WitnessOutcome.Malformed malformed:
                return new WitnessAnswer(outcome.Status, Plain, malformed.Reason + "\n");
            case WitnessOutcome.NotSigned:
                return new WitnessAnswer(outcome.Status, Plain, "No trusted key of the log signed the checkpoint, or a signature in its name is wrong.\n");
            default:
                return new WitnessAnswer(404, Plain, "This witness does not know the origin.\n");
        }
    }

    private void Tell(string what)
    {
        _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"witness: {_clock.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ} {what}"));
        _output.Flush();
    }

    private sealed class Log(IReadOnlyList<NoteKey> keys, SignedNote? note)
    {
        private volatile SignedNote? _note = note;

        public SemaphoreSlim Step { get; } = new(1, 1);

        public IReadOnlyList<NoteKey> Keys { get; } = keys;

        public SignedNote? Note
        {
            get => _note;
            set => (_note, State) = (value, StateOf(value));
        }

        public WitnessedLog State { get; private set; } = StateOf(note);

        private static WitnessedLog StateOf(SignedNote? note)
        {
            if (note is null)
            {
                return WitnessedLog.Never;
            }

            var last = Kernel.Transparency.Checkpoint.Parse(note.Text.Span);
            return new WitnessedLog(last.Size, last.Root);
        }
    }
}

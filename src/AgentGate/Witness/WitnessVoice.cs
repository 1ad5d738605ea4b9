using System.Globalization;
using System.Text;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Witness;

/// <summary>Reads what a witness answers; whatever it is, it is an answer and not an exception.</summary>
internal abstract record WitnessVoice
{
    private WitnessVoice()
    {
    }

    /// <summary>Reads an answer.</summary>
    /// <param name="reply">The answer.</param>
    /// <param name="witness">Whose it should be.</param>
    /// <param name="note">What was to be cosigned.</param>
    public static WitnessVoice Read(WitnessReply? reply, NoteKey witness, SignedNote note) => reply switch
    {
        null => new Silence("did not answer"),
        { Status: 200 } => Lines(reply.Body).Select(line => ReadSignature(line, witness, note)).FirstOrDefault(static found => found is not null) is { } signature
            ? new Yes(signature)
            : new Silence("answered without a cosignature that verifies"),
        { Status: 409, ContentType: "text/x.tlog.size" } => ReadSize(reply.Body) is { } size ? new Elsewhere(size) : new Silence("answered 409 without a size"),
        { Status: 422 } => new Refusal(),
        _ => new Silence(string.Create(CultureInfo.InvariantCulture, $"answered {reply.Status}")),
    };

    private static string[] Lines(ReadOnlyMemory<byte> body) =>
        System.Text.Unicode.Utf8.IsValid(body.Span) ? Encoding.UTF8.GetString(body.Span).Split('\n', SignedNote.SignaturesMax + 1) : [];

    private static NoteSignature? ReadSignature(string line, NoteKey witness, SignedNote note) =>
        NoteSignature.TryParse(line, out var signature) && witness.Verify(note.Text.Span, signature, out _) ? signature : null;

    private static long? ReadSize(ReadOnlyMemory<byte> body)
    {
        var text = Encoding.ASCII.GetString(body.Span[..Math.Min(body.Length, 21)]);
        return text.EndsWith('\n') && long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : null;
    }

    /// <summary>It cosigned.</summary>
    public sealed record Yes(NoteSignature Signature) : WitnessVoice;

    /// <summary>It cosigned another size last.</summary>
    public sealed record Elsewhere(long Size) : WitnessVoice;

    /// <summary>To it the checkpoint does not continue what it cosigned last.</summary>
    public sealed record Refusal : WitnessVoice;

    /// <summary>Nothing that counts.</summary>
    public sealed record Silence(string Why) : WitnessVoice;
}

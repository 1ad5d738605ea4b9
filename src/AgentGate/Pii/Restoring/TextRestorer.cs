using System.Text;

namespace AgentGate.Pii.Restoring;

/// <summary>
/// Puts values back in place of live tokens in one text, which may come in pieces. One pass from left to right; nothing is
/// looked for inside what was put back. However the text is cut, the pieces that come out make the same text.
/// </summary>
/// <remarks>
/// What is held back is never more than a prefix of a live token, or one token and the few characters after it that
/// <see cref="TokenTail"/> must see. Not thread-safe.
/// </remarks>
/// <param name="live">The tokens.</param>
/// <param name="hosts">The allow-list.</param>
/// <param name="tally">Counts.</param>
/// <param name="before">
/// Where texts ended that a reader may join this one to; they are carried on. A token is restored only where it may be as
/// the text stands alone and in each of these.
/// </param>
internal sealed class TextRestorer(LiveTokens live, RestoreHosts hosts, RestoreTally tally, params ReadOnlySpan<UrlContext> before)
{
    private readonly UrlContext _context = new(hosts);
    private readonly UrlContext[] _before = before.ToArray();
    private string _held = string.Empty;
    private bool _afterBackslash;

    /// <summary>How many characters wait for what follows them.</summary>
    public int HeldLength => _held.Length;

    /// <summary>Where the text stands now: joined to the first text before it, if there is one.</summary>
    public UrlContext Context => _before.Length > 0 ? _before[0] : _context;

    /// <summary>Takes the next piece.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="end">Whether the text ends with it.</param>
    /// <returns>What can go on, or <see langword="null"/> when that is the piece itself.</returns>
    public string? Push(ReadOnlyMemory<char> piece, bool end)
    {
        var wasHeld = _held.Length > 0;
        var text = wasHeld ? string.Concat(_held, piece.Span) : piece.Span;
        StringBuilder? output = null;
        var written = 0;
        var at = 0;
        while (at < text.Length)
        {
            var next = TokenGrammar.NextBegin(text[at..]);
            if (next != 0)
            {
                next = next < 0 ? text.Length - at : next;
                Pass(text.Slice(at, next));
                at += next;
                continue;
            }

            if (_afterBackslash && text[at] == '\\')
            {
                Pass(text.Slice(at++, 1));
                continue;
            }

            var (isKnown, length, replacement) = Judge(text[at..], end);
            if (!isKnown)
            {
                break;
            }

            if (replacement is null)
            {
                Pass(text.Slice(at, length));
            }
            else
            {
                output ??= new StringBuilder(text.Length + replacement.Length);
                output.Append(text[written..at]).Append(replacement);
                Step(replacement);
                _afterBackslash = false;
                written = at + length;
            }

            at += length;
        }

        _held = at == text.Length ? string.Empty : text[at..].ToString();
        if (output is not null)
        {
            return output.Append(text[written..at]).ToString();
        }

        return wasHeld || at < text.Length ? text[..at].ToString() : null;
    }

    private (bool IsKnown, int Length, string? Replacement) Judge(ReadOnlySpan<char> text, bool end)
    {
        var match = TokenMatch.At(text, live);
        if (match.Kind == TokenMatchKind.None || (match.Kind == TokenMatchKind.NeedsMore && end))
        {
            return (true, 1, null);
        }

        if (match.Kind == TokenMatchKind.NeedsMore)
        {
            return (false, 0, null);
        }

        var type = live.TypeOf(match.Token);
        var value = live.ValueOf(match.Token);
        if (type != LookAlikes.Type)
        {
            // A look-alike is nobody's personal data and comes back everywhere; all else only outside addresses.
            if (IsBlocked() || (_context.ContinuesWord && value.Contains('@', StringComparison.Ordinal)))
            {
                tally.Kept(type);
                return (true, match.Length, null);
            }

            if (!IsInAllowedAddress())
            {
                switch (TokenTail.IsJoined(text[match.Length..], end))
                {
                    case null:
                        return (false, 0, null);
                    case true:
                        tally.Kept(type);
                        return (true, match.Length, null);
                }
            }
        }

        tally.Restored(type);
        var breaksJson = match.Form == TokenForm.Raw && _context.IsJson && type != LookAlikes.Type && !TokenGrammar.FitsJsonString(value);
        return (true, match.Length, TokenGrammar.Write(value, breaksJson ? TokenForm.Json : match.Form));
    }

    private bool IsBlocked() => _context.Blocks || Array.Exists(_before, static context => context.Blocks);

    // What may be joined to this text in more than one way is judged as text: what follows the token must be seen.
    private bool IsInAllowedAddress() => _context.InAllowedAddress && Array.TrueForAll(_before, static context => context.InAllowedAddress);

    private void Step(ReadOnlySpan<char> text)
    {
        _context.Step(text);
        foreach (var context in _before)
        {
            context.Step(text);
        }
    }

    private void Pass(ReadOnlySpan<char> text)
    {
        Step(text);
        _afterBackslash = text[^1] == '\\' && !(_afterBackslash && text.Length == 1);
    }
}

using AgentGate.Threats.Detection;

namespace AgentGate.Threats.Shell;

/// <summary>Walks the segments of one text and hands each to the rules, with what stands around it.</summary>
internal ref struct ShellState(in ThreatText text, ThreatHits hits)
{
    private readonly ThreatText _text = text;
    private readonly ThreatHits _hits = hits;
    private ShellPrefix _prefix;
    private bool _hasPrefix;
    private bool _startsWithOperator;
    private bool _inBacktick;
    private int _depth;
    private int _segments;
    private bool _isFetch;
    private bool _isInteractive;
    private bool _isRedirect;
    private bool _isAssigned;

    /// <summary>A new segment.</summary>
    public static ShellSegment Open(ShellOperator opener, int start)
        => new() { Opener = opener, Start = start, Command = ShellCommand.None, CanBeCommand = opener is not (ShellOperator.None or ShellOperator.Close) };

    /// <summary>Adds a word to a segment.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="word">The word without quotes and escapes.</param>
    /// <param name="token">Where it stands.</param>
    public void Take(ref ShellSegment segment, scoped ReadOnlySpan<char> word, in ShellToken token)
    {
        segment.Words++;
        var raw = _text.Text.Slice(token.Start, token.Length);
        if (_isRedirect)
        {
            _isRedirect = false;
            segment.Harm |= ShellHarms.Classify(word) & ShellHarm.DiskTarget;
            segment.Arguments |= ShellWords.Classify(word, token.Traits) & (ShellArguments.Secret | ShellArguments.Network | ShellArguments.Path);
            if ((segment.Harm & ShellHarm.DiskTarget) != 0)
            {
                ShellRules.Wreck(in _text, _hits, in segment, token.Start + token.Length);
            }

            return;
        }

        if (segment.Words == 1 || (segment.Command.Shape == ShellShape.Prefix && segment.CanBeCommand))
        {
            if (TakeFirst(ref segment, word, raw, in token))
            {
                return;
            }
        }
        else if (segment.Command.Shape == ShellShape.None && word.Length is > 1 and < 12 && ShellHarms.CanWreck(word))
        {
            // A sentence that asks for a destructive command holds it somewhere in its middle.
            segment.IsEmbedded = true;
            segment.Harm = ShellHarm.None;
            ShellCommands.TryFind(word, out segment.Command);
            return;
        }

        segment.IsOrdered |= segment.Command.Shape == ShellShape.None
            && (word.Equals("run", StringComparison.OrdinalIgnoreCase) || word.Equals("execute", StringComparison.OrdinalIgnoreCase) || word.Equals("sudo", StringComparison.OrdinalIgnoreCase));
        segment.Prose += ShellWords.IsProse(word) && (token.Traits & ShellWordTraits.Quoted) == 0 ? 1 : 0;
        segment.Arguments |= ShellWords.Classify(word, token.Traits);
        segment.Harm |= ShellHarms.Classify(word);
        segment.HasNetworkCode |= word.Length > 20 && word.Contains("socket", StringComparison.OrdinalIgnoreCase)
            && (word.Contains("connect", StringComparison.OrdinalIgnoreCase) || word.Contains("open", StringComparison.OrdinalIgnoreCase) || word.Contains("dup2", StringComparison.Ordinal));
    }

    /// <summary>Notes a redirection: the next word is a file and no command.</summary>
    public void Redirect(ref ShellSegment segment)
    {
        segment.Arguments |= ShellArguments.Redirect;
        _isRedirect = true;
    }

    /// <summary>Ends a segment at an operator, judges it, and opens the next.</summary>
    public ShellSegment Close(ref ShellSegment segment, in ShellToken token)
    {
        var closer = token.Operator;
        _isRedirect = false;
        var prefix = _startsWithOperator ? ShellPrefix.Nothing : _prefix;
        var place = new ShellPlaceOf(prefix, closer, token.Start, _segments, _isFetch && segment.Opener == ShellOperator.Pipe, _isInteractive && segment.Opener == ShellOperator.Pipe);
        if (segment.Words > 0)
        {
            if (_isAssigned && segment.Words == 1 && (segment.FirstTraits & ShellWordTraits.Variable) != 0)
            {
                ShellRules.Variable(in _text, _hits, in segment, token.Start);
            }

            _isAssigned = segment.IsAssignment && segment.Words == 1;
            ShellRules.Judge(in _text, _hits, in segment, in place);
        }

        _isFetch = segment.Command.Shape == ShellShape.Network && ShellRules.Fetches(segment.Command.Name);
        _isInteractive = segment.Command.Shape == ShellShape.Interpreter && segment.Has(ShellArguments.RunOption);
        if (!_hasPrefix && segment.Words > 0)
        {
            _prefix = segment.AsPrefix();
            _hasPrefix = true;
            _startsWithOperator = segment.Opener is not (ShellOperator.Start or ShellOperator.NewLine or ShellOperator.Group or ShellOperator.None);
        }

        _segments += segment.Words > 0 ? 1 : 0;
        return Open(Opener(closer, segment.Words == 0 && segment.Opener == ShellOperator.Start && closer == ShellOperator.NewLine), token.Start);
    }

    private ShellOperator Opener(ShellOperator closer, bool isLeadingBreak)
    {
        switch (closer)
        {
            case ShellOperator.Backtick:
                _inBacktick = !_inBacktick;
                return _inBacktick ? ShellOperator.Backtick : ShellOperator.None;
            case ShellOperator.Substitution:
                _depth++;
                return closer;
            case ShellOperator.Close:
                _depth -= _depth > 0 ? 1 : 0;
                return ShellOperator.None;
            default:
                return isLeadingBreak ? ShellOperator.NewLine : closer;
        }
    }

    private static bool TakeFirst(ref ShellSegment segment, scoped ReadOnlySpan<char> word, scoped ReadOnlySpan<char> raw, in ShellToken token)
    {
        if (segment.Words == 1)
        {
            segment.FirstTraits = token.Traits;
            segment.IsData = word.IsEmpty || char.IsAsciiDigit(word[0]) || word.Length < 3 || word[^1] is '*' or ']' || raw[0] is '"' or '\'' || raw[^1] is '"' or '\'';
            var equals = word.IndexOf('=');
            segment.IsAssignment = equals > 0 && char.IsAsciiLetter(word[0]) && word[..equals].IndexOfAnyExceptInRange('0', 'z') < 0;
        }

        if (!segment.CanBeCommand || word.IsEmpty || (segment.Words > 1 && word[0] == '-'))
        {
            return false;
        }

        if (!ShellCommands.TryFind(word, out segment.Command, withGlobs: segment.Words == 1))
        {
            segment.CanBeCommand = segment.Words == 1 && segment.IsAssignment;
            return false;
        }

        var isDisguised = (token.Traits & (ShellWordTraits.Spliced | ShellWordTraits.Unquoted)) != 0 && (token.Traits & ShellWordTraits.Quoted) == 0;
        segment.IsCapital = char.IsAsciiLetterUpper(word[0]);
        segment.IsDisguised |= isDisguised || word.ContainsAny('?', '*', '[');
        segment.IsByPath |= word[0] is '/' or '.' or '\\' && (word.StartsWith("/bin/", StringComparison.Ordinal) || word.StartsWith("/usr/", StringComparison.Ordinal) || word.StartsWith("/sbin/", StringComparison.Ordinal));
        if (segment.Command.Shape != ShellShape.Prefix)
        {
            segment.Words = 1;
            segment.Arguments &= ShellArguments.Redirect;
            segment.Prose = 0;
        }

        return true;
    }
}

/// <summary>What stands around a segment.</summary>
/// <param name="Prefix">What comes before it.</param>
/// <param name="Closer">What ends it.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Index">How many segments came before.</param>
/// <param name="GetsDownload">Whether it is fed by something that fetches from the network.</param>
/// <param name="GetsShell">Whether it is fed by an interactive shell.</param>
internal readonly record struct ShellPlaceOf(ShellPrefix Prefix, ShellOperator Closer, int End, int Index, bool GetsDownload, bool GetsShell);

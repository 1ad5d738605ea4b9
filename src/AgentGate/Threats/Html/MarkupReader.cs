using System.Buffers;
using AgentGate.Threats.Detection;

namespace AgentGate.Threats.Html;

/// <summary>Judges the elements and attributes of a text, read as if it landed at one place of a page.</summary>
internal ref struct MarkupReader(ThreatText text, HtmlEntry entry, bool isPage, bool isBare)
{
    private static readonly SearchValues<char> s_closing = SearchValues.Create("\"'`>;)}]-/* \t\r\n");

    /// <summary>What a processing instruction of PHP runs on the server.</summary>
    private static readonly SearchValues<string> s_serverCalls = SearchValues.Create(["system(", "exec(", "passthru(", "eval(", "phpinfo(", "popen(", "assert(", "`$_"], StringComparison.OrdinalIgnoreCase);

    private readonly ReadOnlySpan<char> _text = text.Text;
    private readonly bool _isChat = text.Context != ThreatContext.Argument;
    private readonly bool _isHtml = text.Kind == ArgumentKind.Html;
    private readonly HtmlEntry _entry = entry;
    private readonly bool _isPage = isPage;
    private readonly bool _isBare = isBare;
    private HtmlElement _element;
    private int _tagStart;
    private bool _isOutside;
    private bool _focusesItself;
    private bool _isRefresh;
    private bool _hasSource;
    private int _pendingFocus;
    private int _pendingStart;

    public void Run(ref XssFindings findings)
    {
        var tokenizer = new HtmlTokenizer(_text, _entry);
        _isOutside = _entry != HtmlEntry.Text;
        var brokeOut = -1;
        while (tokenizer.Read(out var token))
        {
            switch (token.Kind)
            {
                case HtmlTokenKind.StartTag:
                    Open(token, ref findings);
                    if (brokeOut == token.Start && !_isChat)
                    {
                        findings.Report(XssRule.Breakout, 0, token.End, 60);
                    }

                    break;
                case HtmlTokenKind.EndTag:
                    _element = HtmlElement.Other;
                    _tagStart = token.Start;
                    _isOutside = false;
                    Closing(token, ref findings);
                    break;
                case HtmlTokenKind.Attribute when token.NameEnd > token.NameStart:
                    Attribute(token, ref findings);
                    break;
                case HtmlTokenKind.TagEnd:
                    Close(ref findings);
                    brokeOut = _isOutside && _entry is HtmlEntry.DoubleQuoted or HtmlEntry.SingleQuoted && !_text[..token.End].Contains('<') && token.End <= 6 && _text[token.End - 1] == '>' && IsTagAfter(token.End) ? token.End + _text[token.End..].IndexOf('<') : -1;
                    _isOutside = false;
                    break;
                case HtmlTokenKind.RawText:
                    Raw(token, ref findings);
                    break;
                case HtmlTokenKind.Comment or HtmlTokenKind.Instruction:
                    Include(token, ref findings);
                    break;
                default:
                    break;
            }
        }

        Close(ref findings);
    }

    private void Open(HtmlToken token, ref XssFindings findings)
    {
        _element = HtmlNames.ElementOf(_text[token.NameStart..token.NameEnd]);
        _tagStart = token.Start;
        _isOutside = _focusesItself = _isRefresh = _hasSource = false;
        _pendingFocus = 0;
        var score = _element switch
        {
            HtmlElement.Script => _isChat ? 30 : 60,
            HtmlElement.Frame or HtmlElement.Plugin => _isChat ? 30 : 65,
            HtmlElement.Base or HtmlElement.Import => _isChat ? 30 : 60,
            _ => 0,
        };
        if (score > 0)
        {
            findings.Report(_element == HtmlElement.Script ? XssRule.Script : XssRule.Element, token.Start, token.End - token.Start, score);
        }
    }

    /// <summary>An end tag at the very start closes an element of the page the text lands in.</summary>
    private readonly void Closing(HtmlToken token, ref XssFindings findings)
    {
        var name = _text[token.NameStart..token.NameEnd];
        if (_entry == HtmlEntry.Text && _text[..token.Start].IndexOfAnyExcept(s_closing) < 0
            && (HtmlTokenizer.IsNamed(name, "script") || HtmlTokenizer.IsNamed(name, "style") || HtmlTokenizer.IsNamed(name, "title")
                || HtmlTokenizer.IsNamed(name, "textarea") || HtmlTokenizer.IsNamed(name, "noscript")))
        {
            findings.Report(XssRule.Breakout, token.Start, token.End - token.Start, _isChat ? 50 : 60);
        }
    }

    /// <summary>Only closing brackets and spaces stand between here and the next tag.</summary>
    private readonly bool IsTagAfter(int at) => _text[at..].TrimStart("> \t\r\n") is ['<', ..];

    private void Close(ref XssFindings findings)
    {
        if (_pendingFocus > 0 && _focusesItself)
        {
            findings.Report(XssRule.Handler, _pendingStart, 8, _pendingFocus);
        }

        _pendingFocus = 0;
    }

    private readonly void Raw(HtmlToken token, ref XssFindings findings)
    {
        var body = _text[token.Start..token.End];
        if (_element == HtmlElement.Style)
        {
            Style(body, token.Start, ref findings);
            if (ScriptReader.Read(body) is var inStyle && inStyle.HasAny(ScriptTraits.Proof | ScriptTraits.Secret))
            {
                findings.Report(XssRule.Style, token.Start, body.Length, _isChat ? 65 : 75);
            }

            return;
        }

        var facts = ScriptReader.Read(body);
        var length = token.End - _tagStart;
        findings.Report(XssRule.Script, _tagStart, length, _isChat ? ScriptScore.InChat(facts, _isPage, _isBare) : body.IsWhiteSpace() && !_hasSource ? 60 : 92);
    }

    private readonly void Style(scoped ReadOnlySpan<char> style, int start, ref XssFindings findings)
    {
        var score = ScriptScore.Style(style, _isChat);
        if (score > 0)
        {
            findings.Report(XssRule.Style, start, style.Length, score);
        }
    }

    /// <summary>Directives of a server and instructions of an XML processor that bring other documents in.</summary>
    private readonly void Include(HtmlToken token, ref XssFindings findings)
    {
        var body = _text[token.Start..token.End];
        if (token.Kind == HtmlTokenKind.Instruction && !_isChat && body.ContainsAny(s_serverCalls))
        {
            findings.Report(XssRule.Include, token.Start, body.Length, body.Length < 200 && _text[..token.Start].IsWhiteSpace() | body.Contains("$_", StringComparison.Ordinal) ? 70 : 40);
        }

        var score = token.Kind == HtmlTokenKind.Comment
            ? body.StartsWith("<!--#", StringComparison.Ordinal) && body.ContainsAny('=', '"') && (body[5..].StartsWith("exec", StringComparison.OrdinalIgnoreCase) || body[5..].StartsWith("include", StringComparison.OrdinalIgnoreCase)
                || body[5..].StartsWith("echo", StringComparison.OrdinalIgnoreCase) || body[5..].StartsWith("printenv", StringComparison.OrdinalIgnoreCase)) ? _isChat ? 70 : 85 : 0
            : body.StartsWith("<?import", StringComparison.OrdinalIgnoreCase) || body.StartsWith("<?xml-stylesheet", StringComparison.OrdinalIgnoreCase) ? _isChat ? 40 : 65 : 0;
        if (score > 0)
        {
            findings.Report(XssRule.Include, token.Start, body.Length, score);
        }
    }

    private void Attribute(HtmlToken token, ref XssFindings findings)
    {
        var name = _text[token.NameStart..token.NameEnd];
        var value = _text[token.ValueStart..token.ValueEnd];
        _focusesItself |= name.Equals("autofocus", StringComparison.OrdinalIgnoreCase) || name.Equals("tabindex", StringComparison.OrdinalIgnoreCase);
        if (value.IsEmpty)
        {
            return;
        }

        if (!value.Contains('&'))
        {
            Judge(token, name, value, ref findings);
            return;
        }

        var rented = value.Length > 512 ? ArrayPool<char>.Shared.Rent(value.Length) : null;
        var buffer = rented ?? stackalloc char[512];
        var used = HtmlValue.Decode(value, buffer);
        Judge(token, name, buffer[..used], ref findings);
        if (rented is not null)
        {
            ArrayPool<char>.Shared.Return(rented);
        }
    }

    private void Judge(HtmlToken token, ReadOnlySpan<char> name, scoped ReadOnlySpan<char> value, ref XssFindings findings)
    {
        var length = token.End - token.NameStart;
        var handler = HtmlNames.EventOf(name);
        if (handler != HtmlEvent.None)
        {
            var score = Handler(handler, value, token);
            findings.Report(XssRule.Handler, token.NameStart, length, score);
            if (score is > 0 and < 80 && handler == HtmlEvent.Act)
            {
                (_pendingFocus, _pendingStart) = (_isChat ? 0 : score, token.NameStart);
            }

            return;
        }

        if (name.Equals("style", StringComparison.OrdinalIgnoreCase))
        {
            Style(value, token.ValueStart, ref findings);
            if (!_isChat && !value.Contains("{{", StringComparison.Ordinal) && value.ContainsAny('{', '}', '['))
            {
                // A value holds declarations only; a brace tries to end the rule of a page's own style sheet.
                findings.Report(XssRule.Style, token.ValueStart, value.Length, 55);
            }
        }
        else if (name.Equals("srcdoc", StringComparison.OrdinalIgnoreCase))
        {
            findings.Report(XssRule.Element, token.NameStart, length, _isChat ? Nested(value) : 75);
        }
        else if (_isOutside && name.Length > 16)
        {
            return;
        }
        else
        {
            Address(token, name, value, length, ref findings);
        }
    }

    private readonly int Handler(HtmlEvent handler, ReadOnlySpan<char> value, HtmlToken token)
    {
        var facts = ScriptReader.Read(value);
        var acts = facts.HasAny(ScriptTraits.Proof | ScriptTraits.Run | ScriptTraits.Handed | ScriptTraits.Hidden)
            || facts.Has(ScriptTraits.Secret | ScriptTraits.Send) || (handler == HtmlEvent.Self && facts.Has(ScriptTraits.Secret)) || HtmlNames.DangerOf(value, out _) == UrlDanger.Script;
        if (_isOutside)
        {
            // No tag was opened in the text: the name must be a known one and the value must be a script.
            return handler == HtmlEvent.Unknown || !facts.Has(ScriptTraits.Acts) && !acts ? 0
                : !_isChat ? acts ? 85 : 55 : !acts ? 30 : handler == HtmlEvent.Self ? 80 : _isBare ? 76 : 65;
        }

        if (!_isChat)
        {
            return handler == HtmlEvent.Unknown ? acts || facts.Has(ScriptTraits.Acts) ? 75 : 52 : 80;
        }

        if (!acts || value.TrimStart() is ['{', ..])
        {
            // A component's property in braces, or a function of the page's own: that is how pages are written.
            return facts.HasAny(ScriptTraits.Send | ScriptTraits.Secret) && handler == HtmlEvent.Self ? 60 : 35;
        }

        var isPlain = handler == HtmlEvent.Act && token.Quote is '"' or '\'' && !facts.HasAny(ScriptTraits.Hidden | ScriptTraits.Secret | ScriptTraits.Run);
        return isPlain ? _isBare ? 77 : 60 : _isPage && !facts.HasAny(ScriptTraits.Hidden | ScriptTraits.Secret) ? 65 : 85;
    }

    private static int Nested(ReadOnlySpan<char> value) =>
        value.Contains("<script", StringComparison.OrdinalIgnoreCase) || ScriptReader.Read(value).HasAny(ScriptTraits.Proof | ScriptTraits.Run) ? 85 : 50;

    private void Address(HtmlToken token, ReadOnlySpan<char> name, scoped ReadOnlySpan<char> value, int length, ref XssFindings findings)
    {
        if (name.Equals("http-equiv", StringComparison.OrdinalIgnoreCase))
        {
            _isRefresh = value.Trim() is var kind && (kind.Equals("refresh", StringComparison.OrdinalIgnoreCase) || kind.Equals("set-cookie", StringComparison.OrdinalIgnoreCase) || kind.Equals("link", StringComparison.OrdinalIgnoreCase));
            findings.Report(XssRule.Element, _tagStart, token.End - _tagStart, _isRefresh ? _isChat ? 40 : 65 : 0);
            return;
        }

        var danger = HtmlNames.DangerOf(value, out var rest);
        if (danger == UrlDanger.None && _element is HtmlElement.Meta or HtmlElement.Animate or HtmlElement.Plugin)
        {
            // The address stands after the seconds of a refresh, or in a list of values.
            var at = value.LastIndexOfAny("=;");
            danger = at >= 0 ? HtmlNames.DangerOf(value[(at + 1)..], out rest) : danger;
            danger = danger == UrlDanger.None && value.IndexOf("data:", StringComparison.OrdinalIgnoreCase) is var data and > 0 ? HtmlNames.DangerOf(value[data..], out rest) : danger;
        }

        if (danger != UrlDanger.None)
        {
            findings.Report(XssRule.Url, token.NameStart, length, ScriptScore.Address(danger, rest, _element, _isChat));
            return;
        }

        Source(token, name, value, ref findings);
    }

    private void Source(HtmlToken token, ReadOnlySpan<char> name, scoped ReadOnlySpan<char> value, ref XssFindings findings)
    {
        var isSource = name.Equals("src", StringComparison.OrdinalIgnoreCase) || name.EndsWith("href", StringComparison.OrdinalIgnoreCase) || name.Equals("data", StringComparison.OrdinalIgnoreCase);
        _hasSource |= isSource;
        if (isSource && _element == HtmlElement.Script)
        {
            // Pages name their scripts in quotes; an address without a scheme or quotes is what an injection saves letters with.
            var isForeign = value.TrimStart().StartsWith("//", StringComparison.Ordinal) || value.TrimStart() is ['\\' or '/', '\\' or '/', ..];
            findings.Report(XssRule.Script, _tagStart, token.End - _tagStart, !_isChat ? 88 : token.Quote == '\0' ? 80 : isForeign ? 60 : 40);
        }
        else if (isSource && _element is HtmlElement.Link or HtmlElement.Xml or HtmlElement.Style && !_isChat && !_isHtml)
        {
            findings.Report(XssRule.Element, _tagStart, token.End - _tagStart, value.Contains("//", StringComparison.Ordinal) || _element == HtmlElement.Xml ? 55 : 30);
        }
        else if (_element == HtmlElement.Animate && name.Equals("attributeName", StringComparison.OrdinalIgnoreCase))
        {
            var target = value.Trim();
            var isActive = target.EndsWith("href", StringComparison.OrdinalIgnoreCase) || target.Equals("innerHTML", StringComparison.OrdinalIgnoreCase) || HtmlNames.EventOf(target) != HtmlEvent.None;
            findings.Report(XssRule.Element, _tagStart, token.End - _tagStart, isActive ? _isChat ? 65 : 80 : 0);
        }
        else if (name.Equals("datasrc", StringComparison.OrdinalIgnoreCase) || name.EndsWith(":handler", StringComparison.OrdinalIgnoreCase))
        {
            findings.Report(XssRule.Element, token.NameStart, token.End - token.NameStart, _isChat ? 40 : 65);
        }
    }
}

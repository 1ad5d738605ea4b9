using System.Collections.Frozen;

namespace AgentGate.Threats.Html;

/// <summary>What an element can do to a page it does not belong in.</summary>
internal enum HtmlElement : byte
{
    Other,
    Script,
    Style,

    /// <summary>Shows another document in the page.</summary>
    Frame,

    /// <summary>Loads a program or a document that may hold one.</summary>
    Plugin,
    Meta,
    Base,
    Link,
    Import,

    /// <summary>Sets attributes of other elements (SVG animation).</summary>
    Animate,
    Xml,
}

/// <summary>When an event fires.</summary>
internal enum HtmlEvent : byte
{
    None,

    /// <summary>When the visitor does something; pages use these themselves.</summary>
    Act,

    /// <summary>By itself, or when something fails to load.</summary>
    Self,

    /// <summary>An attribute shaped like a handler whose event is not known.</summary>
    Unknown,
}

/// <summary>Names of elements and events (WHATWG HTML, SVG, CSS Animations, Pointer Events, and what old browsers had).</summary>
internal static class HtmlNames
{
    private static readonly FrozenDictionary<string, HtmlElement> s_elements = new Dictionary<string, HtmlElement>(StringComparer.OrdinalIgnoreCase)
    {
        ["script"] = HtmlElement.Script, ["style"] = HtmlElement.Style, ["iframe"] = HtmlElement.Frame, ["frame"] = HtmlElement.Frame,
        ["frameset"] = HtmlElement.Frame, ["layer"] = HtmlElement.Frame, ["ilayer"] = HtmlElement.Frame, ["portal"] = HtmlElement.Frame, ["bgsound"] = HtmlElement.Plugin,
        ["object"] = HtmlElement.Plugin, ["embed"] = HtmlElement.Plugin, ["applet"] = HtmlElement.Plugin, ["scriptlet"] = HtmlElement.Plugin,
        ["meta"] = HtmlElement.Meta, ["base"] = HtmlElement.Base, ["link"] = HtmlElement.Link, ["import"] = HtmlElement.Import, ["handler"] = HtmlElement.Script,
        ["animate"] = HtmlElement.Animate, ["set"] = HtmlElement.Animate, ["animatetransform"] = HtmlElement.Animate, ["animatemotion"] = HtmlElement.Animate,
        ["xml"] = HtmlElement.Xml, ["xss"] = HtmlElement.Import, ["event-source"] = HtmlElement.Frame,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, HtmlElement>.AlternateLookup<ReadOnlySpan<char>> s_elementOf = s_elements.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_acts = new[]
    {
        "click", "dblclick", "auxclick", "contextmenu", "mousedown", "mouseup", "mouseover", "mouseout", "mousemove", "mouseenter", "mouseleave",
        "mousewheel", "wheel", "keydown", "keyup", "keypress", "change", "input", "beforeinput", "submit", "reset", "select", "selectstart", "selectionchange", "invalid", "search", "drag",
        "dragstart", "dragend", "dragenter", "dragleave", "dragover", "drop", "copy", "cut", "paste", "beforecopy", "beforecut", "beforepaste", "touchstart", "touchend",
        "touchmove", "touchcancel", "pointerdown", "pointerup", "pointermove", "pointerover", "pointerout", "pointerenter", "pointerleave",
        "pointercancel", "pointerrawupdate", "gotpointercapture", "lostpointercapture", "play", "pause", "close", "cancel", "formdata", "fullscreenchange", "volumechange", "seeked", "seeking", "help", "resize",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_selfs = new[]
    {
        "load", "error", "loadstart", "loadend", "loadeddata", "loadedmetadata", "unload", "beforeunload", "pageshow", "pagehide", "hashchange", "popstate", "focus", "blur",
        "focusin", "focusout", "activate", "deactivate", "beforeactivate", "beforedeactivate", "scroll", "scrollend", "scrollsnapchange", "scrollsnapchanging", "toggle", "beforetoggle", "start", "finish", "bounce", "begin", "end", "repeat",
        "animationstart", "animationend", "animationiteration", "animationcancel", "webkitanimationstart", "webkitanimationend", "webkitanimationiteration", "transitionrun", "transitionstart",
        "transitionend", "transitioncancel", "webkittransitionend", "canplay", "canplaythrough", "playing", "timeupdate", "durationchange", "progress", "readystatechange", "propertychange",
        "message", "messageerror", "online", "offline", "storage", "beforeprint", "afterprint", "afterscriptexecute", "beforescriptexecute", "cuechange", "suspend", "waiting", "stalled", "emptied", "abort", "ended", "ratechange",
        "show", "forminput", "formchange", "losecapture", "filterchange", "rowenter", "rowexit", "cellchange", "dataavailable", "datasetchanged", "datasetcomplete", "layoutcomplete",
        "errorupdate", "beforeupdate", "afterupdate", "beforeeditfocus", "controlselect", "move", "movestart", "moveend", "resizestart", "resizeend", "timeout", "unhandledrejection", "rejectionhandled", "languagechange", "securitypolicyviolation", "slotchange", "contentvisibilityautostatechange", "webkitwillrevealbottom", "outofsync", "reverse", "seek", "syncrestored", "trackchange", "urlflip", "zoom", "mediacomplete", "mediaerror", "resume", "timeerror", "beforematch", "encrypted", "waitingforkey", "contextlost", "contextrestored", "pagereveal", "pageswap", "command", "visibilitychange",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    public static HtmlElement ElementOf(ReadOnlySpan<char> name)
    {
        name = name[(name.LastIndexOf(':') + 1)..];
        if (s_elementOf.TryGetValue(name, out var element))
        {
            return element;
        }

        // Signs between the name and what follows: browsers read on, filters and old browsers do not agree.
        return HtmlTokenizer.IsNamed(name, "script") ? HtmlElement.Script
            : HtmlTokenizer.IsNamed(name, "iframe") ? HtmlElement.Frame
            : HtmlTokenizer.IsNamed(name, "style") ? HtmlElement.Style : HtmlElement.Other;
    }

    /// <summary>The event of a handler attribute; what precedes <c>on</c> and follows the letters is noise of a broken tag.</summary>
    public static HtmlEvent EventOf(ReadOnlySpan<char> name)
    {
        while (name.Length > 0 && !char.IsAsciiLetter(name[0]))
        {
            name = name[1..];
        }

        if (name.Length < 5 || name[0] is not ('o' or 'O') || name[1] is not ('n' or 'N') || !char.IsAsciiLetter(name[2]))
        {
            return HtmlEvent.None;
        }

        var end = 2;
        while (end < name.Length && char.IsAsciiLetter(name[end]))
        {
            end++;
        }

        var isWhole = end == name.Length || !char.IsAsciiLetterOrDigit(name[end]);
        var known = name[2..end];
        return !isWhole || end > 48 ? HtmlEvent.None : s_selfs.Contains(known) ? HtmlEvent.Self : s_acts.Contains(known) ? HtmlEvent.Act : HtmlEvent.Unknown;
    }

    /// <summary>The scheme of an address as a browser reads it: controls and spaces do not count (WHATWG URL, section 4.4).</summary>
    public static UrlDanger DangerOf(ReadOnlySpan<char> value, out ReadOnlySpan<char> rest)
    {
        Span<char> scheme = stackalloc char[12];
        var used = 0;
        var at = 0;
        rest = default;
        while (at < value.Length)
        {
            var c = value[at];
            if (c == ':')
            {
                break;
            }

            if (char.IsAsciiLetter(c))
            {
                if (used == scheme.Length)
                {
                    return UrlDanger.None;
                }

                scheme[used++] = char.ToLowerInvariant(c);
            }
            else if (c > ' ' && c < '\u007f' && (used > 0 || c is not ('"' or '\'' or '`' or '\\' or '(')) && c is not ('+' or '\\'))
            {
                return UrlDanger.None;
            }

            at++;
        }

        if (at >= value.Length)
        {
            return UrlDanger.None;
        }

        rest = value[(at + 1)..];
        return scheme[..used] switch
        {
            "javascript" or "vbscript" or "livescript" or "mocha" or "jscript" => UrlDanger.Script,
            "data" => DataDanger(rest),
            "feed" or "jar" or "viewsource" => DangerOf(rest, out rest) == UrlDanger.None ? UrlDanger.None : UrlDanger.Script,
            _ => UrlDanger.None,
        };
    }

    private static UrlDanger DataDanger(ReadOnlySpan<char> rest)
    {
        rest = rest.TrimStart()[..Math.Min(rest.TrimStart().Length, 64)];
        return rest.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) || rest.StartsWith("text/javascript", StringComparison.OrdinalIgnoreCase)
            || rest.StartsWith("application/x", StringComparison.OrdinalIgnoreCase) || rest.StartsWith("text/xml", StringComparison.OrdinalIgnoreCase)
            || rest.StartsWith("image/svg", StringComparison.OrdinalIgnoreCase) || rest.StartsWith("application/javascript", StringComparison.OrdinalIgnoreCase)
            || rest.StartsWith("message/", StringComparison.OrdinalIgnoreCase) || rest.StartsWith("text/vbs", StringComparison.OrdinalIgnoreCase)
            || (rest.Length > 0 && rest[0] is ',' or ';' && rest.Contains(',')) ? UrlDanger.Document : UrlDanger.None;
    }
}

/// <summary>What opening an address may do.</summary>
internal enum UrlDanger : byte
{
    None,

    /// <summary>Runs script in the page.</summary>
    Script,

    /// <summary>Opens a document of its own that may hold script.</summary>
    Document,
}

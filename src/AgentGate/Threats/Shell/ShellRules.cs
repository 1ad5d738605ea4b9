using AgentGate.Threats.Detection;

namespace AgentGate.Threats.Shell;

/// <summary>Judges one command by what it is and by what stands around it.</summary>
internal static class ShellRules
{
    // How far to look for a sentence behind a substitution; bounded, since a text may hold nothing but substitutions.
    private const int TailLook = 64;

    /// <summary>Whether a command brings something in from the network.</summary>
    public static bool Fetches(string name)
        => name is "wget" or "curl" or "fetch" or "lynx" or "iwr" or "aria2c" or "invoke-webrequest";

    public static void Wreck(in ThreatText text, ThreatHits hits, in ShellSegment segment, int end)
    {
        var isOrder = !segment.IsEmbedded || segment.IsOrdered || (segment.Harm & ShellHarm.NoSafety) != 0;
        var score = text.Context switch
        {
            ThreatContext.Argument => 95,
            ThreatContext.Chat => isOrder ? 90 : 70,
            _ => (segment.Harm & ShellHarm.NoSafety) != 0 ? 95 : 80,
        };
        Add(hits, "shell.wreck", ThreatSeverity.Critical, in segment, end, score);
    }

    /// <summary>A command that is the value of a variable set just before: somebody hides its name.</summary>
    public static void Variable(in ThreatText text, ThreatHits hits, in ShellSegment segment, int end)
        => Add(hits, "shell.variable", ThreatSeverity.Critical, in segment, end, text.Kind == ArgumentKind.Command ? 30 : Score(text.Context, 70, 40, 0));

    public static void Judge(in ThreatText text, ThreatHits hits, in ShellSegment segment, in ShellPlaceOf place)
    {
        if (ShellHarms.Wrecks(segment.Command.Name, segment.Harm))
        {
            Wreck(in text, hits, in segment, place.End);
            return;
        }

        var strength = segment.Strength(place.Closer);
        if (strength != ShellStrength.None && JudgeRemote(in text, hits, in segment, in place))
        {
            return;
        }

        if (strength == ShellStrength.None || text.Context == ThreatContext.Code || text.Kind == ArgumentKind.Command)
        {
            return;
        }

        var score = segment.Opener is ShellOperator.Substitution or ShellOperator.Backtick
            ? Substituted(in text, in segment, in place, strength)
            : segment.Opener is ShellOperator.Start || (place.Index == 0 && segment.Opener is ShellOperator.NewLine or ShellOperator.Group)
                ? Alone(in text, in segment, in place, strength)
                : Chained(in text, in segment, in place, strength);
        if (score > 0)
        {
            var rule = segment.Opener is ShellOperator.Substitution or ShellOperator.Backtick ? "shell.substitution" : segment.Opener is ShellOperator.Start ? "shell.command" : "shell.breakout";
            Add(hits, rule, segment.Opener is ShellOperator.Start ? ThreatSeverity.High : ThreatSeverity.Critical, in segment, place.End, score);
        }
    }

    /// <summary>Commands that hand control to another machine.</summary>
    private static bool JudgeRemote(in ThreatText text, ThreatHits hits, in ShellSegment segment, in ShellPlaceOf place)
    {
        var shape = segment.Command.Shape;
        var isNetcat = segment.Command.Name is "nc" or "ncat" or "netcat" or "socat" or "telnet";
        var isShell = (shape == ShellShape.Interpreter && (segment.Has(ShellArguments.Network) || segment.HasNetworkCode))
            || (isNetcat && segment.Has(ShellArguments.RunOption) && segment.Has(ShellArguments.Shell))
            || (isNetcat && place.GetsShell)
            || (segment.Command.Name == "socat" && segment.Has(ShellArguments.Shell));
        if (isShell)
        {
            Add(hits, "shell.reverse", ThreatSeverity.Critical, in segment, place.End, Score(text.Context, 95, 90, 80));
            return true;
        }

        if (segment.Has(ShellArguments.EncodedOption) && shape == ShellShape.Interpreter)
        {
            Add(hits, "shell.encoded", ThreatSeverity.Critical, in segment, place.End, Score(text.Context, 90, 80, 50));
            return true;
        }

        if (shape == ShellShape.Interpreter && place.GetsDownload)
        {
            // Installers are handed around like that; only as an argument is it out of place.
            var argument = text.Kind == ArgumentKind.Command ? 45 : 85;
            Add(hits, "shell.download", ThreatSeverity.Critical, in segment, place.End, Score(text.Context, argument, place.Prefix == ShellPrefix.Nothing && place.Index > 0 ? 80 : 45, 20));
            return true;
        }

        return false;
    }

    /// <summary>A command that is the whole text, or its first one.</summary>
    private static int Alone(in ThreatText text, in ShellSegment segment, in ShellPlaceOf place, ShellStrength strength)
    {
        if (text.Context != ThreatContext.Argument)
        {
            return 0;
        }

        if (segment.Opener == ShellOperator.NewLine)
        {
            return strength == ShellStrength.Dangerous ? 70 : place.End >= text.Text.TrimEnd().Length && segment.Prose == 0 ? 60 : 0;
        }

        // A sentence may begin with the name of a command; its words are many, and it begins with a capital.
        var isAdmin = segment.Command.Shape == ShellShape.Admin && segment.Has(ShellArguments.AdminWord)
            && (segment.Has(ShellArguments.SlashOption) || segment.Command.Name is "netsh" or "wmic" or "schtasks" or "bcdedit" or "vssadmin");
        var isSentence = (segment.Prose > (segment.IsCapital ? 0 : 1) && !isAdmin)
            || place.Closer == ShellOperator.Group
            || (segment.Command.Shape == ShellShape.Interpreter && !segment.Has(ShellArguments.Option | ShellArguments.SlashOption))
            || (segment.Command.Shape == ShellShape.Print && !segment.Has(ShellArguments.Redirect));
        return isSentence ? 30 : strength switch
        {
            ShellStrength.Dangerous => 70,
            ShellStrength.Formed => 55,
            _ => segment.IsDisguised ? 60 : 0,
        };
    }

    /// <summary>A command behind an operator.</summary>
    private static int Chained(in ThreatText text, in ShellSegment segment, in ShellPlaceOf place, ShellStrength strength)
    {
        if (segment.Opener is ShellOperator.NewLine or ShellOperator.Group or ShellOperator.None or ShellOperator.Close)
        {
            return segment.Opener == ShellOperator.NewLine && place.Index == 1 && place.Prefix is ShellPrefix.Value && strength >= ShellStrength.Formed
                ? Score(text.Context, 80, 60, 0)
                : 0;
        }

        if (text.Context == ThreatContext.Chat)
        {
            return (place.Prefix, strength) switch
            {
                (ShellPrefix.Nothing, ShellStrength.Dangerous) => 90,
                (ShellPrefix.Nothing, ShellStrength.Formed) => 85,
                (ShellPrefix.Value, ShellStrength.Dangerous) => 85,
                (ShellPrefix.Value, ShellStrength.Formed) => segment.Opener == ShellOperator.Pipe ? 50 : 76,
                (ShellPrefix.Word, ShellStrength.Dangerous) => 60,
                _ => 30,
            };
        }

        // "a&id=5": an ampersand alone separates the parameters of a query.
        var isQuery = segment.Opener == ShellOperator.Background && place.Prefix != ShellPrefix.Nothing && strength == ShellStrength.Bare;
        return (place.Prefix, strength) switch
        {
            (ShellPrefix.Nothing, ShellStrength.Bare) => Ends(place.Closer) ? 70 : 40,
            (ShellPrefix.Nothing, ShellStrength.Formed) => 85,
            (_, ShellStrength.Bare) when isQuery => 30,
            (ShellPrefix.Value, ShellStrength.Bare) => Ends(place.Closer) ? 60 : 40,
            (ShellPrefix.Value, ShellStrength.Formed) => 85,
            (ShellPrefix.Word, ShellStrength.Formed) => 75,
            (ShellPrefix.Command or ShellPrefix.Prose, ShellStrength.Formed) => 60,
            (ShellPrefix.Command or ShellPrefix.Prose, ShellStrength.Dangerous) => 75,
            (_, ShellStrength.Dangerous) => 95,
            _ => 30,
        };
    }

    /// <summary>A command whose output becomes part of a word.</summary>
    private static int Substituted(in ThreatText text, in ShellSegment segment, in ShellPlaceOf place, ShellStrength strength)
    {
        var behind = text.Text[Math.Min(place.End + 1, text.Text.Length)..];
        var rest = behind[..Math.Min(behind.Length, TailLook)].Trim();
        var isProseBehind = rest.Length > 3 && char.IsLetter(rest[0]) && rest.Contains(' ');
        var isTight = place.Prefix is ShellPrefix.Nothing or ShellPrefix.Value && !isProseBehind;
        if (text.Context == ThreatContext.Chat)
        {
            return isTight && place.Prefix == ShellPrefix.Nothing && strength >= ShellStrength.Formed ? 85 : isTight && strength == ShellStrength.Dangerous ? 80 : 30;
        }

        if (isTight)
        {
            return strength switch { ShellStrength.Dangerous => 95, ShellStrength.Formed => 90, _ => 75 };
        }

        // What people put between backticks in a sentence is the name of a command.
        var isQuoted = segment.Opener == ShellOperator.Backtick && (place.Prefix == ShellPrefix.Prose || isProseBehind);
        return strength switch
        {
            ShellStrength.Dangerous => isQuoted ? 48 : 75,
            ShellStrength.Formed => isQuoted ? 40 : 55,
            _ => 30,
        };
    }

    private static bool Ends(ShellOperator closer) => closer is ShellOperator.End or ShellOperator.Semicolon or ShellOperator.Pipe or ShellOperator.Or or ShellOperator.And or ShellOperator.Background or ShellOperator.NewLine or ShellOperator.Backtick;

    private static int Score(ThreatContext context, int argument, int chat, int code)
        => context == ThreatContext.Argument ? argument : context == ThreatContext.Chat ? chat : code;

    private static void Add(ThreatHits hits, string rule, ThreatSeverity severity, in ShellSegment segment, int end, int score)
        => hits.Add(rule, ThreatFamily.Shell, severity, segment.Start, Math.Max(0, end - segment.Start), score);
}

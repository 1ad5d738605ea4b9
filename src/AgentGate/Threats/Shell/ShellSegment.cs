namespace AgentGate.Threats.Shell;

/// <summary>What stands in front of a command, and so what the command breaks out of.</summary>
internal enum ShellPrefix
{
    /// <summary>Nothing but quotes and operators.</summary>
    Nothing,

    /// <summary>A value: an address, a number, a quoted word.</summary>
    Value,

    /// <summary>A single word that may be a value or a command nobody listed.</summary>
    Word,

    /// <summary>A command line.</summary>
    Command,

    /// <summary>A sentence.</summary>
    Prose,
}

/// <summary>How sure it is that a segment is a command.</summary>
internal enum ShellStrength
{
    /// <summary>It is not.</summary>
    None,

    /// <summary>The name of one, and nothing else.</summary>
    Bare,

    /// <summary>A command with arguments of its kind.</summary>
    Formed,

    /// <summary>A command that reaches for secrets or hands a shell to somebody.</summary>
    Dangerous,
}

/// <summary>The words between two operators.</summary>
internal struct ShellSegment
{
    /// <summary>What opened it.</summary>
    public ShellOperator Opener;

    /// <summary>Where it begins, operator included.</summary>
    public int Start;

    /// <summary>How many words it has.</summary>
    public int Words;

    /// <summary>How many of them are prose.</summary>
    public int Prose;

    /// <summary>What the arguments look like.</summary>
    public ShellArguments Arguments;

    /// <summary>What the arguments put in danger.</summary>
    public ShellHarm Harm;

    /// <summary>The command, if the first word names one; <see cref="ShellCommand.None"/> otherwise.</summary>
    public ShellCommand Command;

    /// <summary>What is special about the first word.</summary>
    public ShellWordTraits FirstTraits;

    /// <summary>Whether the command is named by its path.</summary>
    public bool IsByPath;

    /// <summary>Whether the name was disguised with quotes, escapes or wildcards.</summary>
    public bool IsDisguised;

    /// <summary>Whether a first word can still be a command: not behind a substitution that ended.</summary>
    public bool CanBeCommand;

    /// <summary>Whether the command was found in the middle of a sentence.</summary>
    public bool IsEmbedded;

    /// <summary>Whether the word in front of it says to run it.</summary>
    public bool IsOrdered;

    /// <summary>Whether the command's name begins with a capital.</summary>
    public bool IsCapital;

    /// <summary>Whether it is an assignment.</summary>
    public bool IsAssignment;

    /// <summary>Whether a quoted argument opens a connection and a shell.</summary>
    public bool HasNetworkCode;

    /// <summary>Whether the first word looks like data: digits and dots.</summary>
    public bool IsData;

    /// <summary>Whether it holds words that are neither prose nor the command.</summary>
    public readonly bool Has(ShellArguments arguments) => (Arguments & arguments) != 0;

    /// <summary>How sure it is that this is a command.</summary>
    public readonly ShellStrength Strength(ShellOperator closer)
    {
        var shape = Command.Shape;
        if (shape == ShellShape.None || IsEmbedded)
        {
            return ShellStrength.None;
        }

        var bare = Command.IsBareOk || IsByPath ? (shape == ShellShape.Lone || IsByPath ? ShellStrength.Formed : ShellStrength.Bare) : ShellStrength.None;
        if (Words == 1)
        {
            return IsDisguised && bare == ShellStrength.Bare ? ShellStrength.Formed : closer == ShellOperator.Group ? ShellStrength.None : bare;
        }

        if (Has(ShellArguments.Secret) || Has(ShellArguments.Network) || (Has(ShellArguments.Shell) && Has(ShellArguments.RunOption)))
        {
            return ShellStrength.Dangerous;
        }

        var arguments = Words - 1;
        var formed = shape switch
        {
            ShellShape.Lone => Has(ShellArguments.Option | ShellArguments.SlashOption | ShellArguments.AdminWord | ShellArguments.Path | ShellArguments.Redirect),
            ShellShape.Files => Has(ShellArguments.Option | ShellArguments.SlashOption | ShellArguments.Path | ShellArguments.Variable) && Prose < 4,
            ShellShape.Network => Has(ShellArguments.Address | ShellArguments.Option | ShellArguments.Variable) && Prose < 4,
            ShellShape.Wait => arguments == 1 && Has(ShellArguments.Number | ShellArguments.Variable),
            ShellShape.Interpreter => Has(ShellArguments.Option | ShellArguments.Path | ShellArguments.SlashOption | ShellArguments.RunOption) && Prose < 4,
            ShellShape.Print => Has(ShellArguments.Redirect | ShellArguments.Variable | ShellArguments.Quoted),
            ShellShape.Admin => Has(ShellArguments.AdminWord | ShellArguments.Option | ShellArguments.SlashOption | ShellArguments.Path) && Prose - (Has(ShellArguments.AdminWord) ? 2 : 0) < 3,
            ShellShape.Lookup => arguments <= 2 && Has(ShellArguments.CommandName) && Prose <= arguments,
            ShellShape.Prefix => Has(ShellArguments.Option),
            _ => false,
        };
        return formed ? ShellStrength.Formed
            : IsDisguised ? ShellStrength.Bare
            : shape == ShellShape.Print && arguments < 3 ? ShellStrength.Bare
            : ShellStrength.None;
    }

    /// <summary>What it is to whatever comes behind it.</summary>
    public readonly ShellPrefix AsPrefix()
    {
        if (Words == 0)
        {
            return ShellPrefix.Nothing;
        }

        if (IsAssignment || (Command.Shape != ShellShape.None && !IsEmbedded && (Words == 1 || Prose < Words - 1 || Words < 4)))
        {
            return ShellPrefix.Command;
        }

        if (Words == 1)
        {
            return IsData ? ShellPrefix.Value : ShellPrefix.Word;
        }

        return Has(ShellArguments.Option | ShellArguments.Path) && Prose * 2 <= Words + 1 ? ShellPrefix.Command : ShellPrefix.Prose;
    }
}

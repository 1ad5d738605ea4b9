namespace AgentGate.Threats.Shell;

/// <summary>What one path in a text does.</summary>
internal struct PathFacts
{
    /// <summary>Where it begins in the text.</summary>
    public int Start;

    /// <summary>How many characters it takes.</summary>
    public int Length;

    /// <summary>How many segments go up.</summary>
    public int Climbs;

    /// <summary>How far above its beginning it gets.</summary>
    public int Escape;

    /// <summary>Segments that go up and are written in an encoding, or end in an encoded separator.</summary>
    public int EncodedClimbs;

    /// <summary>Encoded separators.</summary>
    public int EncodedSlashes;

    /// <summary>Segments of dots that go nowhere but may once a filter has taken something out: <c>....//</c>, <c>..;/</c>.</summary>
    public int OddDots;

    /// <summary>How many of those are longer than an ellipsis.</summary>
    public int LongDots;

    /// <summary>Separators of one system right behind one of the other.</summary>
    public int MixedSlashes;

    /// <summary>Whether a name in it is so long that it is padding.</summary>
    public bool IsPadded;

    /// <summary>Segments that stay: <c>/./</c>.</summary>
    public int Stays;

    /// <summary>Segments with a name.</summary>
    public int Names;

    /// <summary>Separators.</summary>
    public int Slashes;

    /// <summary>Whether an encoded end-of-string mark stands in it.</summary>
    public bool HasNul;

    /// <summary>Whether it begins at the root, with a drive or at a share.</summary>
    public bool IsAbsolute;

    /// <summary>Whether it begins with a drive letter.</summary>
    public bool HasDrive;

    /// <summary>Whether it names a share of another machine.</summary>
    public bool IsShare;
}

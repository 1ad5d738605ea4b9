namespace AgentGate.Kernel.Decisions;

/// <summary>What a segment is made of.</summary>
public enum SegmentKind
{
    /// <summary>A string value.</summary>
    Text,

    /// <summary>The name of an object member.</summary>
    Key,

    /// <summary>A number of seven digits or more.</summary>
    Number,

    /// <summary>A part that no guard can read (image, audio, file, encrypted reasoning).</summary>
    Unread,

    /// <summary>A part the provider signed: readable, but it may be changed in neither direction.</summary>
    Sealed,
}

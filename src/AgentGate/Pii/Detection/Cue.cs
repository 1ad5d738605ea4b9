namespace AgentGate.Pii.Detection;

/// <summary>What a word near a candidate says about it.</summary>
[Flags]
internal enum Cue
{
    None = 0,
    Ssn = 1,
    Card = 2,
    Phone = 4,
    Passport = 8,
    Driver = 16,
    Routing = 32,
    Account = 64,
    Ip = 128,
    Version = 256,
    Bank = 512,
    License = 1024,

    /// <summary>Which telephone: says something only directly before or after the number.</summary>
    Line = 2048,
}

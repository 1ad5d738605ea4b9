namespace AgentGate.Pii.Detection;

/// <summary>The built-in types. The order is the index into <see cref="PiiTypes.Names"/>.</summary>
internal enum PiiKind : byte
{
    Ssn,
    CreditCard,
    Email,
    Phone,
    ApiKey,
    Iban,
    IpAddress,
    MacAddress,
    UsPassport,
    UsDriverLicense,
    UsBankRouting,
    UsBankAccount,
    Jwt,
    PrivateKey,
}

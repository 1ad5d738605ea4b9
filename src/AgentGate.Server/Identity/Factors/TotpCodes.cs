using OtpNet;
using QRCoder;

namespace AgentGate.Server.Identity.Factors;

/// <summary>Time-based codes (RFC 6238): six digits, thirty seconds, SHA-1 as every authenticator knows it, one step early or late.</summary>
internal static class TotpCodes
{
    /// <summary>The bytes of a secret (RFC 4226 §4, R6).</summary>
    public const int SecretBytes = 20;

    private const int Digits = 6;
    private const int StepSeconds = 30;
    private const string Issuer = "AgentGate";

    // RFC 6238 §5.2: one step for what the network and two clocks cost.
    private static readonly VerificationWindow s_window = new(previous: 1, future: 1);

    /// <summary>The time step a code is of, or <see langword="null"/> where it is of none that counts now.</summary>
    public static long? StepOf(ReadOnlySpan<byte> secret, string code, DateTimeOffset now)
    {
        // White space is how authenticators show codes, and not part of them.
        var digits = string.Concat(code.Where(static c => !char.IsWhiteSpace(c)));
        return digits.Length == Digits && digits.All(char.IsAsciiDigit)
            && Of(secret).VerifyTotp(now.UtcDateTime, digits, out var step, s_window)
            ? step
            : null;
    }

    /// <summary>The code of a time, as an authenticator shows it.</summary>
    public static string At(ReadOnlySpan<byte> secret, DateTimeOffset now) => Of(secret).ComputeTotp(now.UtcDateTime);

    /// <summary>The secret as people type it.</summary>
    public static string Text(ReadOnlySpan<byte> secret) => Base32Encoding.ToString(secret.ToArray());

    /// <summary>The secret as a PNG that authenticators scan, in a data URI: nothing is asked of another host.</summary>
    public static string QrCode(ReadOnlySpan<byte> secret, string account)
    {
        var uri = $"otpauth://totp/{Issuer}:{Uri.EscapeDataString(account)}?secret={Text(secret)}&issuer={Issuer}&algorithm=SHA1&digits={Digits}&period={StepSeconds}";
        using var data = QRCodeGenerator.GenerateQrCode(uri, QRCodeGenerator.ECCLevel.M);
        using var png = new PngByteQRCode(data);
        return "data:image/png;base64," + Convert.ToBase64String(png.GetGraphic(pixelsPerModule: 6));
    }

    private static Totp Of(ReadOnlySpan<byte> secret) => new(secret.ToArray(), StepSeconds, OtpHashMode.Sha1, Digits);
}

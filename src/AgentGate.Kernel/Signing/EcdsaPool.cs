using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace AgentGate.Kernel.Signing;

/// <summary>
/// One P-256 key for many threads: the framework's <see cref="ECDsa"/> does not promise to be thread-safe, so each use has an
/// object of its own, taken from here and put back. Thread-safe.
/// </summary>
internal sealed class EcdsaPool
{
    private const int FieldLength = 32;

    private readonly ECParameters _parameters;
    private readonly ConcurrentBag<ECDsa> _idle = [];

    private EcdsaPool(ECParameters parameters, ECDsa first)
    {
        _parameters = parameters;
        _idle.Add(first);
    }

    /// <summary>A pool that verifies.</summary>
    public static bool TryCreate(ReadOnlySpan<byte> point, [NotNullWhen(true)] out EcdsaPool? pool) => TryCreate(
        new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = point[1..(1 + FieldLength)].ToArray(), Y = point[(1 + FieldLength)..].ToArray() },
        },
        out pool);

    /// <summary>A pool that signs, from the private scalar.</summary>
    public static bool TryCreateSigner(ReadOnlySpan<byte> scalar, [NotNullWhen(true)] out EcdsaPool? pool) =>
        TryCreate(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = scalar.ToArray() }, out pool);

    public byte[] Sign(ReadOnlySpan<byte> message, DSASignatureFormat format)
    {
        var ecdsa = Take();
        var signature = ecdsa.SignData(message, HashAlgorithmName.SHA256, format);
        _idle.Add(ecdsa);
        return signature;
    }

    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        var ecdsa = Take();
        try
        {
            return ecdsa.VerifyData(message, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        catch (CryptographicException)
        {
            // Bytes that are no signature at all: not made by this key.
            return false;
        }
        finally
        {
            _idle.Add(ecdsa);
        }
    }

    public byte[] SubjectPublicKeyInfo()
    {
        var ecdsa = Take();
        var encoded = ecdsa.ExportSubjectPublicKeyInfo();
        _idle.Add(ecdsa);
        return encoded;
    }

    /// <summary>The uncompressed point, 65 bytes.</summary>
    public byte[] PublicPoint()
    {
        var ecdsa = Take();
        var q = ecdsa.ExportParameters(includePrivateParameters: false).Q;
        _idle.Add(ecdsa);
        return [4, .. q.X!, .. q.Y!];
    }

    /// <summary>Destroys the key material that lies in idle objects and in the parameters.</summary>
    public void Clear()
    {
        CryptographicOperations.ZeroMemory(_parameters.D);
        while (_idle.TryTake(out var ecdsa))
        {
            ecdsa.Dispose();
        }
    }

    private static bool TryCreate(ECParameters parameters, [NotNullWhen(true)] out EcdsaPool? pool)
    {
        try
        {
            pool = new EcdsaPool(parameters, ECDsa.Create(parameters));
            return true;
        }
        catch (CryptographicException)
        {
            // The point does not lie on the curve, or the scalar is out of range: no key.
            pool = null;
            return false;
        }
    }

    private ECDsa Take() => _idle.TryTake(out var ecdsa) ? ecdsa : ECDsa.Create(_parameters);
}

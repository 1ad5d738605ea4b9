using System.Globalization;
using AgentGate.Kernel.Canonical;

namespace AgentGate.Kernel.Tests.Canonical;

/// <summary>The vectors published beside RFC 8785, read from the shared folder and never copied here.</summary>
public sealed class PublicVectorTests
{
    [Fact]
    public void The_published_vectors_give_the_published_bytes()
    {
        var folder = SharedFiles.Find("vectors/jcs");
        var inputs = Directory.GetFiles(Path.Combine(folder, "input"), "*.json");

        Assert.NotEmpty(inputs);
        foreach (var input in inputs)
        {
            var name = Path.GetFileNameWithoutExtension(input);
            var canonical = CanonicalJson.Canonicalize(File.ReadAllBytes(input));

            var hex = File.ReadAllText(Path.Combine(folder, "outhex", name + ".txt"))
                .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                .Select(h => byte.Parse(h, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            Assert.Equal(hex, canonical);
        }
    }
}

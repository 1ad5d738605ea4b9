using System.Text;
using AgentGate.Alerts;

namespace AgentGate.Tests.Alerts;

public sealed class StandardWebhookTests
{
    /// <summary>The published example of the scheme.</summary>
    [Fact]
    public void A_signature_is_the_one_of_the_published_example()
    {
        var signature = StandardWebhook.Sign(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            DateTimeOffset.FromUnixTimeSeconds(1614265330),
            Encoding.UTF8.GetBytes("""{"test": 2432232314}"""));

        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", signature);
    }

    [Theory]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", true)]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", false)]
    [InlineData("whsec_c2hvcnQ=", false)]
    [InlineData("whsec_not base64", false)]
    [InlineData("whsec_", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_secret_is_24_to_64_bytes_behind_its_prefix(string? text, bool good) => Assert.Equal(good, StandardWebhook.IsSecret(text));
}

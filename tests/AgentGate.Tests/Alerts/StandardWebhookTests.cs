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
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", true)]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw whsec_c2hvcnQ=", false)]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", false)]
    public void A_secret_is_24_to_64_bytes_behind_its_prefix_and_a_few_of_them_are_divided_by_spaces(string? text, bool good)
        => Assert.Equal(good, StandardWebhook.AreSecrets(text));

    [Fact]
    public void Under_two_secrets_there_are_two_signatures_and_a_receiver_of_either_finds_its_own()
    {
        const string Old = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        const string New = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
        var (at, body) = (DateTimeOffset.FromUnixTimeSeconds(1614265330), Encoding.UTF8.GetBytes("{}"));

        var signatures = StandardWebhook.SignAll($"{Old}  {New}", "msg", at, body).Split(' ');

        Assert.Equal([StandardWebhook.Sign(Old, "msg", at, body), StandardWebhook.Sign(New, "msg", at, body)], signatures);
    }

    [Theory]
    [InlineData(1, null, 0.0, 5.0)]
    [InlineData(1, null, 0.5, 5.625)]
    [InlineData(3, null, 0.0, 80.0)]
    [InlineData(30, null, 0.999, 4499.1)]
    [InlineData(1, 60, 0.5, 67.5)]
    public void Tries_are_spread_by_up_to_a_quarter_and_never_come_before_their_time(long tries, int? after, double spread, double seconds)
    {
        var failure = new AlertFailure("status-503", after is { } wait ? TimeSpan.FromSeconds(wait) : null);

        var again = AlertDispatcher.Again(tries, DateTimeOffset.UnixEpoch, new AlertOptions { TriesMax = 50 }, failure, spread);

        Assert.Equal(seconds, (again!.Value - DateTimeOffset.UnixEpoch).TotalSeconds, 3);
    }
}

using static AgentGate.Tests.Pii.Detection.ScannerFixture;

namespace AgentGate.Tests.Pii.Detection;

public sealed class WordRecognizerTests
{
    // Made for these tests; the parts after the prefix are arbitrary.
    private const string Body = "Zk3vQ9mB7xT2pL8wR5nJ1cY6hD4gF0sAaUeXiOoKtVbMqWzE";

    [Theory]
    [InlineData("a.b+c@example.co.uk")]
    [InlineData("o'reilly@example.com")]
    [InlineData("\"john doe\"@example.com")]
    [InlineData("x@[192.0.2.1]")]
    [InlineData("x@[IPv6:2001:db8::1]")]
    [InlineData("someone@b\u00FCcher.example")]
    [InlineData("user@xn--80ak6aa92e.com")]
    [InlineData("\u0438\u0432\u0430\u043D@\u043F\u043E\u0447\u0442\u0430.\u0440\u0444")]
    public void An_address_of_each_form_is_found_whole(string address) => Assert.Equal([$"EMAIL:{address}"], Find($"write to {address}, please"));

    [Theory]
    [InlineData("<joe@example.com>", "EMAIL:joe@example.com")]
    [InlineData("mailto:joe@example.com?subject=x", "EMAIL:joe@example.com")]
    [InlineData("?to=joe@example.com&x=1", "EMAIL:joe@example.com")]
    [InlineData("'joe@example.com'", "EMAIL:joe@example.com")]
    [InlineData("joe@example.com.", "EMAIL:joe@example.com")]
    public void Punctuation_around_an_address_is_not_part_of_it(string text, string expected) => Assert.Equal([expected], Find(text));

    [Theory]
    [InlineData("joe@example")]
    [InlineData("joe.@example.com")]
    [InlineData("joe@-example.com")]
    [InlineData("joe@example-.com")]
    [InlineData("joe@example.c")]
    [InlineData("joe@abc_def.com")]
    [InlineData("@name and @other.name")]
    [InlineData("Abc@def@example.com")]
    public void What_is_no_address_is_none(string text) => Assert.Empty(Find(text));

    [Theory]
    [InlineData("GB82 WEST 1234 5698 7654 32")]
    [InlineData("DE89370400440532013000")]
    [InlineData("de89370400440532013000")]
    [InlineData("FR14-2004-1010-0505-0001-3M02-606")]
    [InlineData("NO9386011117947")]
    public void An_account_number_is_found_with_its_country_and_check_digits(string iban) => Assert.Equal([$"IBAN:{iban}"], Find($"to {iban} today"));

    [Theory]
    [InlineData("GB82 WEST 1234 5698 7654 33")]
    [InlineData("DE8937040044053201300")]
    [InlineData("ZZ82 WEST 1234 5698 7654 32")]
    [InlineData("XGB82WEST12345698765432")]
    public void A_wrong_one_is_not(string iban) => Assert.DoesNotContain(Find(iban), found => found.StartsWith("IBAN", StringComparison.Ordinal));

    [Theory]
    [InlineData("00:1A:2B:3C:4D:5E")]
    [InlineData("00-1A-2B-3C-4D-5E")]
    [InlineData("AA-BB-CC-DD-EE-FF")]
    [InlineData("0012.3456.789a")]
    public void A_hardware_address_is_found(string mac) => Assert.Equal([$"MAC_ADDRESS:{mac}"], Find($"at {mac}, port 3"));

    [Theory]
    [InlineData("10:2F:33-AC-29-C3")]
    [InlineData("00:1A:2B:3C:4D")]
    [InlineData("00:1A:2B:3C:4D:5E:6F")]
    public void A_malformed_one_is_not(string mac) => Assert.Empty(Find(mac));

    [Theory]
    [InlineData("sk-proj-", 48)]
    [InlineData("sk-ant-api03-", 48)]
    [InlineData("gho_", 36)]
    [InlineData("github_pat_", 48)]
    [InlineData("glpat-", 20)]
    [InlineData("sk_live_", 24)]
    [InlineData("rk_live_", 24)]
    [InlineData("AIza", 35)]
    [InlineData("npm_", 36)]
    [InlineData("hf_", 34)]
    [InlineData("hvs.", 30)]
    [InlineData("xkeysib-", 0)]
    public void A_key_of_each_provider_is_found_and_a_placeholder_is_not(string prefix, int length)
    {
        var key = prefix + (length == 0 ? Body + Body[..30] : Body[..length]);
        Assert.Equal([$"API_KEY:{key}"], Find($"use {key}, please"));
        Assert.Equal([$"API_KEY:{key}"], Find($"X=\"{key}\""));
        Assert.Empty(Find(prefix + new string('x', key.Length - prefix.Length)));
    }

    [Theory]
    [InlineData("xoxb-781236542736-2364535789652-GkwFDQoHqzXDVsC6GzqYUypD")]
    [InlineData("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")]
    [InlineData("110201543:AAHdqTcvCH1vGWJxfSe1ofSAs0K5PALDsaw")]
    [InlineData("343ea45721923ed956e2b38c31db76aa-us30")]
    [InlineData("QtT8Q~9C-_Ij~RouHVpD2Tuf3oHWGh.DQ3kcjbAn")]
    [InlineData("MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs")]
    [InlineData("AKIAQWERTYUIOPASDFGH")]
    public void Keys_of_other_shapes_are_found(string key) => Assert.Equal([$"API_KEY:{key}"], Find($"- {key} -"));

    [Theory]
    [InlineData("api_key = \"Zf3D0LXCM3EIMbgJpUNnkRtOfOueHznB\"", "Zf3D0LXCM3EIMbgJpUNnkRtOfOueHznB")]
    [InlineData("{\"clientSecret\": \"Zf3D0LXCM3EIMbgJpUNn\"}", "Zf3D0LXCM3EIMbgJpUNn")]
    [InlineData("Authorization: Bearer Zf3D0LXCM3EIMbgJpUNn", "Zf3D0LXCM3EIMbgJpUNn")]
    [InlineData("AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")]
    [InlineData("https://bob:hunter22@db.example/x", "hunter22")]
    [InlineData("https://hooks.slack.com/services/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", "services/T0DCUJB1Q/B0DD08H5G/bJtrpFi1fO1JMCcwLx8uZyAg")]
    public void A_value_that_its_name_or_place_calls_secret_is_found(string text, string value) => Assert.Equal([$"API_KEY:{value}"], Find(text));

    [Theory]
    [InlineData("public_key = \"9Cnzj4p4WGeKLs1Pt8QuKUpRKfFLfRYC9AIKjbJTWit\"")]
    [InlineData("csrf-token=Mj2qykJO5rELyHgezQ69nzUX0i3OH67V7")]
    [InlineData("client_id = \"73082700-1f09-405b-80d0-3131bfd6272d\"")]
    [InlineData("primaryKey: Zf3D0LXCM3EIMbgJpUNnkRtO")]
    [InlineData("api_key = \"insert_your_key_here\"")]
    [InlineData("password=${DB_PASSWORD_2}")]
    [InlineData("next_page_token: Zf3D0LXCM3EIMbgJpUNnkRtO")]
    [InlineData("secret_length = X25519.secret_length")]
    [InlineData("https://host:8000/@user")]
    public void A_name_that_is_not_secret_or_a_value_that_is_not_random_is_left_alone(string text) => Assert.Empty(Find(text));

    [Fact]
    public void A_web_token_is_found_whole_with_and_without_signature()
    {
        const string Signed = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.k5HibI_uLn_RTuPcaCNkaVaQH2y5q6GvJg8GPpGMRwQ";
        Assert.Equal([$"JWT:{Signed}"], Find($"token {Signed}."));
        Assert.Equal(["JWT:eyJhbGciOiJub25lIn0.eyJzdWIiOiJ0ZXN0LXVzZXIifQ"], Find("\"eyJhbGciOiJub25lIn0.eyJzdWIiOiJ0ZXN0LXVzZXIifQ.\""));
    }

    [Theory]
    [InlineData("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9")]
    [InlineData("eyJAAAA.eyJBBB")]
    [InlineData("eyJBBBBBBBBBBBBBBBBBBBB.eyJCCCCCCCCCCCCC.eyJDDDD")]
    public void What_has_no_header_or_no_payload_is_no_web_token(string text) => Assert.Empty(Find(text));

    [Fact]
    public void A_private_key_is_found_as_a_whole_block_whatever_its_lines_hold()
    {
        var block = $"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n{Body}{Body}\n{Body}==\n-----END RSA PRIVATE KEY-----";
        Assert.Equal([$"PRIVATE_KEY:{block}"], Find($"key:\n{block}\nend 123"));
        Assert.Equal([$"PRIVATE_KEY:{block[..120]}"], Find(block[..120]));
        Assert.Empty(Find("-----BEGIN PUBLIC KEY-----\n" + Body + Body + "\n-----END PUBLIC KEY-----"));
    }
}

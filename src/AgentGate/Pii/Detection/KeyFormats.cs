using System.Buffers;

namespace AgentGate.Pii.Detection;

/// <summary>The credential formats that providers publish, by the first characters of their prefix.</summary>
internal static class KeyFormats
{
    private const string UpperLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const string LowerLetters = "abcdefghijklmnopqrstuvwxyz";
    private const string Digits = "0123456789";

    /// <summary>What is found is passed over, so a body without bound costs no more than its length.</summary>
    private const int Unbounded = 1 << 30;

    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdefABCDEF");
    private static readonly SearchValues<char> Upper = SearchValues.Create(UpperLetters + Digits);
    private static readonly SearchValues<char> Alnum = SearchValues.Create(UpperLetters + LowerLetters + Digits);
    private static readonly SearchValues<char> Url = SearchValues.Create(UpperLetters + LowerLetters + Digits + "-_");
    private static readonly SearchValues<char> UrlDot = SearchValues.Create(UpperLetters + LowerLetters + Digits + "-_.");
    private static readonly SearchValues<char> Base64 = SearchValues.Create(UpperLetters + LowerLetters + Digits + "-_+/=");

    private static readonly KeyFormat[] All =
    [
        // Model providers
        new("sk-ant-", Url, 20, 200), new("sk-proj-", Url, 20, 300), new("sk-svcacct-", Url, 20, 300), new("sk-admin-", Url, 20, 300),
        new("sk-or-v1-", Hex, 32, 128), new("sk-", Url, 20, 200), new("gsk_", Alnum, 40, 80), new("xai-", Alnum, 60, 120),
        new("pplx-", Alnum, 40, 64), new("hf_", Alnum, 30, 40), new("api_org_", Alnum, 30, 40), new("r8_", Alnum, 36, 44),
        new("AIza", Url, 35, 36), new("ABSK", Base64, 100, 280), new("bedrock-api-key-", Base64, 28, Unbounded), new("nvapi-", Url, 60, 80),
        new("tgp_v1_", Url, 40, 60), new("fw_", Alnum, 22, 32), new("lsv2_pt_", Url, 32, 50), new("lsv2_sk_", Url, 32, 50),

        // Clouds
        new("AKIA", Upper, 16, 16, Random: false), new("ASIA", Upper, 16, 16, Random: false), new("ABIA", Upper, 16, 16, Random: false),
        new("ACCA", Upper, 16, 16, Random: false), new("A3T", Upper, 17, 17, Random: false), new("GOCSPX-", Url, 28, 28), new("ya29.", Url, 30, 500),
        new("1//0", Url, 40, 120), new("dop_v1_", Hex, 64, 64), new("doo_v1_", Hex, 64, 64), new("dor_v1_", Hex, 64, 64), new("v1.0-", Url, 150, 180),
        new("LTAI", Alnum, 16, 24),
        new("HRKU-", Url, 30, 70), new("FlyV1 fm1r_", Base64, 80, Unbounded), new("FlyV1 fm2_", Base64, 80, Unbounded),
        new("fm1r_", Base64, 100, Unbounded), new("fm1a_", Base64, 100, Unbounded), new("fm2_", Base64, 100, Unbounded), new("fo1_", Url, 43, 43),
        new("tk-us-", Url, 48, 48), new("rnd_", Alnum, 28, 40),

        // Source hosts and registries
        new("ghp_", Alnum, 36, 255), new("gho_", Alnum, 36, 255), new("ghu_", Alnum, 36, 255), new("ghs_", Alnum, 36, 255), new("ghr_", Alnum, 36, 255),
        new("github_pat_", Url, 36, 255), new("glpat-", UrlDot, 20, 60), new("gldt-", Url, 20, 20), new("glptt-", Url, 40, 40), new("glft-", Url, 20, 20),
        new("glsoat-", Url, 20, 50), new("glrt-", UrlDot, 20, 60), new("glrtr-", UrlDot, 20, 60), new("glcbt-", Url, 20, 30), new("glimt-", Url, 25, 25),
        new("glagent-", Url, 50, Unbounded), new("gloas-", Url, 64, 64), new("GR1348941", Url, 20, 50), new("npm_", Alnum, 36, 36), new("pypi-", Url, 60, Unbounded),
        new("dckr_pat_", Url, 27, 36), new("rubygems_", Hex, 48, 48), new("CLOJARS_", Alnum, 60, 60), new("cio", Alnum, 32, 32), new("oy2", Alnum, 43, 43),
        new("sgp_", Url, 40, 64), new("ATATT3", Base64, 150, 220), new("ATCTT3", Base64, 150, 220), new("ATBB", Alnum, 32, 32), new("BBDC-", Base64, 40, 48),
        new("AKCp", Alnum, 20, 80), new("AKC", Alnum, 20, 80), new("AP2", Alnum, 20, 80), new("AP3", Alnum, 20, 80), new("AP5", Alnum, 20, 80),
        new("AP6", Alnum, 20, 80), new("cmVmdGtu", Alnum, 48, 64),

        // Messaging
        new("xoxb-", Url, 20, 120), new("xoxp-", Url, 28, 160), new("xoxa-", Url, 20, 160), new("xoxr-", Url, 20, 160), new("xoxs-", Url, 20, 160),
        new("xoxo-", Url, 20, 160), new("xoxc-", Url, 28, 160), new("xoxd-", Base64, 28, 400), new("xoxe-", Url, 28, 300), new("xoxe.xoxb-", Url, 60, 300),
        new("xoxe.xoxp-", Url, 60, 300), new("xapp-", Url, 40, 160), new("SG.", UrlDot, 66, 66), new("key-", Hex, 32, 32), new("pubkey-", Hex, 32, 32),
        new("SK", Hex, 32, 32), new("AC", Hex, 32, 32), new("xkeysib-", Url, 70, 90), new("xsmtpsib-", Url, 70, 90), new("re_", Url, 24, 40),
        new("EAAC", Alnum, 60, 400), new("EAAM", Alnum, 60, 400), new("EAAG", Alnum, 60, 400), new("EAAB", Alnum, 60, 400), new("EAAE", Alnum, 60, 400),

        // Money
        new("sk_live_", Alnum, 10, 250), new("sk_test_", Alnum, 10, 250), new("sk_prod_", Alnum, 10, 250), new("rk_live_", Alnum, 10, 250),
        new("rk_test_", Alnum, 10, 250), new("rk_prod_", Alnum, 10, 250), new("whsec_", Base64, 24, 80), new("sq0atp-", Url, 20, 60),
        new("sq0csp-", Url, 40, 60), new("EAAA", Url, 56, 60), new("access_token$", Alnum, 40, 80), new("FLWSECK_TEST-", Alnum, 12, 40),
        new("FLWSECK-", Alnum, 20, 60), new("shpat_", Hex, 32, 32), new("shpca_", Hex, 32, 32), new("shppa_", Hex, 32, 32), new("shpss_", Hex, 32, 32),
        new("EZAK", Alnum, 54, 54), new("EZTK", Alnum, 54, 54), new("shippo_live_", Hex, 40, 40), new("shippo_test_", Hex, 40, 40),

        // Tools
        new("ntn_", Alnum, 46, 46), new("secret_", Alnum, 43, 43), new("glc_", Base64, 32, 400), new("glsa_", Url, 41, 41), new("eyJrIjoi", Base64, 60, 400),
        new("sntrys_eyJ", Base64, 80, 400), new("sntryu_", Hex, 64, 64), new("sqp_", Hex, 40, 40), new("squ_", Hex, 40, 40), new("sqa_", Hex, 40, 40),
        new("hvs.", Url, 24, 200), new("hvb.", Url, 100, 400), new("hvr.", Url, 24, 200), new("dapi", Hex, 32, 34), new("ico-", Alnum, 32, 32),
        new("API-", Upper, 25, 32), new("pul-", Hex, 40, 40), new("pnu_", Alnum, 36, 36), new("dp.pt.", Alnum, 40, 44), new("dp.st.", UrlDot, 40, 60),
        new("dp.sa.", Alnum, 40, 44), new("lin_api_", Alnum, 40, 40), new("lin_oauth_", Alnum, 40, 64), new("PMAK-", Url, 55, 60), new("figd_", Url, 36, 50),
        new("dt0c01.", UrlDot, 80, 100), new("NRAK-", Upper, 27, 27), new("NRII-", Url, 32, 32), new("NRJS-", Hex, 19, 19), new("phc_", Alnum, 40, 48),
        new("phx_", Alnum, 40, 48), new("rdme_", Alnum, 70, 70), new("sl.", Url, 120, 160), new("CFPAT-", Url, 43, 43), new("00D", UrlDot, 90, 130),
        new("ops_eyJ", Base64, 120, Unbounded), new("s-s4t2ud-", Hex, 64, 64), new("s-s4t2af-", Hex, 64, 64), new("sha256~", Url, 43, 43),
        new("tskey-", Url, 20, 80), new("sbp_", Hex, 40, 40), new("sb_secret_", Url, 22, 60), new("nfp_", Alnum, 36, 44),
        new("pscale_tkn_", UrlDot, 32, 64), new("pscale_pw_", UrlDot, 32, 64),
        new("pscale_oauth_", UrlDot, 32, 64), new("duffel_live_", Url, 43, 43), new("duffel_test_", Url, 43, 43),
        new("bkua_", Hex, 40, 40), new("sm_aat_", Alnum, 16, 16),

        // Files of keys
        new("AGE-SECRET-KEY-1", Upper, 58, 58, Random: false, PiiKind.PrivateKey),
        new("AGE-PLUGIN-", SearchValues.Create(UpperLetters + Digits + "-"), 40, 400, Random: false, PiiKind.PrivateKey),
    ];

    private static readonly KeyFormat[][] ByStart = Index();

    /// <summary>The formats whose prefix begins with the two characters, the longest prefix first.</summary>
    public static ReadOnlySpan<KeyFormat> StartingWith(char first, char second) => first < 128 && second < 128 ? ByStart[(first * 128) + second] : [];

    private static KeyFormat[][] Index()
    {
        var index = new KeyFormat[128 * 128][];
        Array.Fill(index, []);
        foreach (var formats in All.GroupBy(format => (format.Prefix[0] * 128) + format.Prefix[1]))
        {
            index[formats.Key] = [.. formats.OrderByDescending(format => format.Prefix.Length)];
        }

        return index;
    }
}

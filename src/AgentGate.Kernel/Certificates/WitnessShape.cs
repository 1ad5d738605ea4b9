using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Canonical;

namespace AgentGate.Kernel.Certificates;

/// <summary>Which members the witness of each predicate has. What they say is compared with what is derived anew.</summary>
internal static class WitnessShape
{
    private const int ListMax = 65_536;

    /// <exception cref="FormatException">The witness has another shape.</exception>
    public static void Check(Predicate predicate, StrictElement json)
    {
        switch (predicate)
        {
            case Predicate.AuthValid:
                json.Members(["method", "principal", "tenant"], ["key_id"]);
                _ = json["method"].Word<AuthenticationMethod>(AdmissibilityWords.Of);
                _ = (json["principal"].Text(), json["tenant"].Text(), json.OptionalText("key_id"));
                break;
            case Predicate.LineageValid:
                CheckLineage(json);
                break;
            case Predicate.PermitExists:
                json.Members(["permits"], ["missing"]);
                json["permits"].Items(ListMax, CheckPermit);
                _ = json.Has("missing") ? json["missing"].Count() : 0;
                break;
            case Predicate.NotDenyExists:
                json.Members(["checked_policies", "checked_questions"], ["matched"]);
                _ = (json["checked_policies"].Count(), json["checked_questions"].Count());
                _ = json.Has("matched") ? ReadMatched(json["matched"]) : null;
                break;
            case Predicate.ObligationsMet:
                json.Members(["required", "failures"]);
                json["required"].Items(ListMax, static item => CheckTexts(item, "obligation", "source"));
                json["failures"].Items(ListMax, static item => CheckTexts(item, "obligation", "reason"));
                break;
            default:
                json.Members(["content_digest", "nonce", "created_at", "not_after"]);
                _ = (json["content_digest"].Hash(), json["nonce"].Hex(32), json["created_at"].Time(), json["not_after"].Time());
                break;
        }
    }

    public static MatchedForbid ReadMatched(StrictElement json)
    {
        json.Members(["question", "policy", "kind"]);
        return new MatchedForbid(json["question"].Index(int.MaxValue), json["policy"].Text(), json["kind"].Word(["forbid", "error"]) == "error");
    }

    private static void CheckLineage(StrictElement json)
    {
        if (!json.Has("chain"))
        {
            json.Members(["mode"]);
            _ = json["mode"].Word(["direct"]);
            return;
        }

        json.Members(["mode", "chain"], ["reason", "link"]);
        _ = json["mode"].Word(["delegated"]);
        json["chain"].Items(ListMax, static id => id.Text());
        _ = (json.OptionalText("reason"), json.Has("link") ? json["link"].Count() : 0);
    }

    private static bool CheckPermit(StrictElement json)
    {
        json.Members(["question", "policies"]);
        _ = json["question"].Count();
        json["policies"].Items(Theorem.PermitsNamedMax, static id => id.Text());
        return true;
    }

    private static bool CheckTexts(StrictElement json, string first, string second)
    {
        json.Members([first, second]);
        _ = (json[first].Text(), json[second].Text());
        return true;
    }
}

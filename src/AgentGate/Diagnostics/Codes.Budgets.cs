namespace AgentGate.Diagnostics;

public static partial class Codes
{
    /// <summary>The model has no price, so that nobody could say what the call costs.</summary>
    public const string ModelWithoutPrice = "AG2201";

    /// <summary>A budget has too little left for the call.</summary>
    public const string BudgetExhausted = "AG2202";

    /// <summary>The cost of the call has no upper bound that could be reserved.</summary>
    public const string CostUnbounded = "AG2203";

    /// <summary>The charge of a call could not be settled; its reservation is charged.</summary>
    public const string NotSettled = "AG2204";

    /// <summary>A budget passed a threshold of its limit.</summary>
    public const string BudgetThreshold = "AG2205";

    /// <summary>A call cost more than was reserved for it.</summary>
    public const string ReservationPassed = "AG2206";

    /// <summary>A reservation was not settled within its lease.</summary>
    public const string LeaseExpired = "AG2207";

    /// <summary>The ledger of the budgets cannot be reached, and a budget covers the call.</summary>
    public const string BudgetLedgerLost = "AG2209";

    /// <summary>A budget's sum was not what the log says, and was put right.</summary>
    public const string BudgetCorrected = "AG2210";

    /// <summary>The log knows nothing of a call whose effect ran or may have run; its charge stands.</summary>
    public const string ChargeUnrecorded = "AG2212";
}

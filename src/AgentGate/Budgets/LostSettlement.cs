namespace AgentGate.Budgets;

/// <summary>What becomes of a reservation that is not settled within its lease.</summary>
public enum LostSettlement
{
    /// <summary>It is charged in full; a settlement that comes after all corrects it.</summary>
    ChargeReservation,

    /// <summary>It is given back; a settlement that comes after all is charged then.</summary>
    Release,
}

namespace Sdk.Transactions;

/// <summary>The other side: it knows a booking by its number, and a cancellation by its key.</summary>
internal sealed class Travel
{
    private readonly HashSet<string> _cancelled = [];
    private decimal _balance = 500;
    private int _bookings;

    public string BookFlight(string to)
    {
        Console.WriteLine($"   a flight to {to} is booked");
        return $"F{++_bookings}";
    }

    public string BookHotel(string city)
    {
        Console.WriteLine($"   a hotel in {city} is booked");
        return $"H{++_bookings}";
    }

    public decimal ChargeCard(decimal amount)
        => amount <= _balance ? _balance -= amount : throw new InvalidOperationException($"The card does not cover {amount}.");

    public Task CancelAsync(string? booking, string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Console.WriteLine(_cancelled.Add(key) ? $"   {booking} is cancelled" : $"   {booking} was cancelled before");
        return Task.CompletedTask;
    }
}

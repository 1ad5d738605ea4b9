namespace AgentGate.Server.Identity;

/// <summary>Something a program cannot do for nothing. Thread-safe.</summary>
internal interface ICaptcha
{
    /// <summary>What a page needs to let its visitor solve one.</summary>
    ValueTask<CaptchaChallenge> CreateAsync(CancellationToken cancellationToken);

    /// <summary>Whether an answer is right; it is used up. What cannot be asked is not right.</summary>
    /// <param name="answer">What the page sent.</param>
    /// <param name="address">Whose.</param>
    /// <param name="cancellationToken">Cancels.</param>
    ValueTask<bool> SolvedAsync(string answer, string address, CancellationToken cancellationToken);
}

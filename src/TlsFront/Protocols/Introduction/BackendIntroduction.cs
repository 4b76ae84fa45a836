namespace TlsFront.Protocols.Introduction;

/// <summary>
/// Tells a backend in its own protocol who the client is, before the client hears or says a word; one subclass a protocol, one object a connection.
/// </summary>
internal abstract class BackendIntroduction
{
    /// <summary>Longest greeting that is kept for the client, in octets: a call can insert no more.</summary>
    protected const int MaxGreeting = 1024;

    private readonly byte[] _greeting = new byte[MaxGreeting];
    private int _greetingLength;

    /// <summary>The greeting to hand to the session afterwards; empty if the backend greets again.</summary>
    public ReadOnlySpan<byte> Greeting => _greeting.AsSpan(0, _greetingLength);

    /// <summary>Reads what the backend said, and answers it; nothing reaches the client.</summary>
    /// <param name="input">All that it said and nobody took.</param>
    /// <param name="to">Where answers go.</param>
    /// <param name="consumed">How much of it was taken; what is left is offered again with more, or is the session's.</param>
    public abstract IntroductionProgress Read(ReadOnlySpan<byte> input, ref Emitter to, out int consumed);

    /// <summary>Keeps <paramref name="greeting"/>; false if it is too long.</summary>
    protected bool Keep(ReadOnlySpan<byte> greeting)
    {
        if (greeting.Length > MaxGreeting)
        {
            return false;
        }

        greeting.CopyTo(_greeting);
        _greetingLength = greeting.Length;
        return true;
    }
}

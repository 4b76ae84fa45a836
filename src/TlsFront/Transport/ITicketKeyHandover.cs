using TlsFront.Handover;

namespace TlsFront.Transport;

/// <summary>Hands over the session ticket keys that an engine generated, so that clients can resume with the next process.</summary>
internal interface ITicketKeyHandover
{
    /// <summary>Writes them, and their age.</summary>
    void Export(StateWriter state);

    /// <summary>Replaces the generated keys by those handed over; their age is kept.</summary>
    /// <exception cref="HandoverException">They make no sense.</exception>
    void Import(ref StateReader state);
}

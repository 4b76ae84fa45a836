using TlsFront.Handover;

namespace TlsFront.Transport;

/// <summary>The keys for session tickets that an engine makes itself: with them, the process that follows resumes the sessions of this one.</summary>
internal interface IOwnTicketKeys
{
    /// <summary>Writes them.</summary>
    void Export(StateWriter state);

    /// <summary>Goes on with them.</summary>
    /// <exception cref="HandoverException">They make no sense.</exception>
    void Import(ref StateReader state);
}

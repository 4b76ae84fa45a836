using TlsFront.Handover;

namespace TlsFront.Transport;

/// <summary>
/// A session that its engine stopped between two octets, so that it can go to another process. It ends here, or goes on here: one of the two calls
/// follows, once.
/// </summary>
internal interface IFrozenSession
{
    /// <summary>All that the other process needs, beside the sockets. Wiped by the call that follows.</summary>
    StateWriter State { get; }

    /// <summary>The client's socket, and the backend's. Open until the call that follows.</summary>
    ReadOnlySpan<int> Descriptors { get; }

    /// <summary>The other process has it: what is here of it goes, without a word to anybody.</summary>
    void Release();

    /// <summary>The other process does not have it: it goes on here as if nothing had been.</summary>
    void Thaw();
}

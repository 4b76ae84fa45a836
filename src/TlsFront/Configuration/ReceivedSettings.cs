namespace TlsFront.Configuration;

/// <summary>The <c>Received</c> lines of submitted messages.</summary>
/// <param name="Group">Whether they name the key exchange group. Defaults to no: RFC 8314 section 4.3 makes it a second additional clause, and a
/// strict parser of RFC 5321 section 4.4 knows one.</param>
/// <param name="HidesClient">Whether they keep the client's address and the name it gave itself to themselves. Defaults to no: RFC 5321 section 4.4
/// wants both there, for those who trace abuse.</param>
internal sealed record ReceivedSettings(bool Group = false, bool HidesClient = false);

namespace TlsFront.Configuration;

/// <summary>The <c>Received</c> lines of submitted messages.</summary>
/// <param name="Group">Whether they name the key exchange group. Defaults to no: RFC 8314 section 4.3 makes it a second additional clause, and a strict
/// parser of RFC 5321 section 4.4 knows one.</param>
internal sealed record ReceivedSettings(bool Group = false);

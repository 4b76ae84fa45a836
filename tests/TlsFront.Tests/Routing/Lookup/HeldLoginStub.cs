using System.Text;
using TlsFront.Connections;

namespace TlsFront.Tests.Routing.Lookup;

/// <summary>A login with this password, an octet a character; null for a method without one.</summary>
internal sealed class HeldLoginStub(string? password, string method = "plain") : IHeldLogin
{
    public string Method => method;

    public bool TryReadPassword(Span<byte> room, out int length) =>
        Encoding.Latin1.TryGetBytes(password ?? "", room, out length) && password is not null;
}

using TlsFront.Connections;
using TlsFront.Inventory;

namespace TlsFront.Migration;

/// <summary>What there is to leave of logins.</summary>
internal static class Urgencies
{
    /// <summary>What is most urgent of <paramref name="login"/>.</summary>
    public static Urgency Of(ObservedLogin login) => login.Transport == LoginTransport.Cleartext ? Urgency.Cleartext
        : login.Tls < TlsVersion.Tls12 ? Urgency.OldTls
        : login.HasWeakCipher ? Urgency.WeakCipher
        : login.Transport == LoginTransport.StartTls ? Urgency.StartTls
        : Urgency.None;
}

using System.Collections.Frozen;
using System.Net.Security;
using TlsFront.Connections;

namespace TlsFront.Tls.Hello;

/// <summary>What a hello offers at best.</summary>
internal static class HelloOffer
{
    /// <summary>Those with a name: signalling values are none, and of what is not known nobody can say that it is strong.</summary>
    private static readonly FrozenSet<TlsCipherSuite> Strong =
        Enum.GetValues<TlsCipherSuite>().Where(static suite => !CipherStrength.IsWeak(suite.ToString())).ToFrozenSet();

    /// <summary>The offer of <paramref name="hello"/>; null if it offers no known version.</summary>
    public static TlsOffer? Of(ClientHello hello) =>
        hello.MaximumVersion is { } version ? new(version, HasStrongCipher(hello, version)) : null;

    /// <summary>
    /// Authenticated encryption came with TLS 1.2: before it, such a suite in the list is never used, and nor is one of TLS 1.3 before that.
    /// </summary>
    private static bool HasStrongCipher(ClientHello hello, TlsVersion version)
    {
        if (version >= TlsVersion.Tls12)
        {
            foreach (var suite in hello.CipherSuites)
            {
                if (Strong.Contains(suite) && (version == TlsVersion.Tls13 || !IsOfTls13(suite)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>RFC 8446 section B.4: the suites of TLS 1.3 have numbers of their own.</summary>
    private static bool IsOfTls13(TlsCipherSuite suite) => (ushort)suite >> 8 == 0x13;
}

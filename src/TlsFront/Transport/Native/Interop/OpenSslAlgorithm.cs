using System.Runtime.InteropServices;

namespace TlsFront.Transport.Native.Interop;

/// <summary><c>OSSL_ALGORITHM</c>: an algorithm of a provider. An array of them ends with one that has no name.</summary>
/// <param name="name">Its name, with a zero behind it.</param>
/// <param name="properties">What a query may ask for, with a zero behind it.</param>
/// <param name="functions">Its functions.</param>
[StructLayout(LayoutKind.Sequential)]
internal unsafe readonly struct OpenSslAlgorithm(byte* name, byte* properties, OpenSslDispatch* functions)
{
    private readonly byte* _name = name;
    private readonly byte* _properties = properties;
    private readonly OpenSslDispatch* _functions = functions;
    private readonly byte* _description;
}

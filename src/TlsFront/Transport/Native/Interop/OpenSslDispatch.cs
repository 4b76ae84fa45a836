using System.Runtime.InteropServices;

namespace TlsFront.Transport.Native.Interop;

/// <summary><c>OSSL_DISPATCH</c>: a function by its number. An array of them ends with number 0.</summary>
/// <param name="function">The number, of <c>openssl/core_dispatch.h</c>.</param>
/// <param name="address">The function.</param>
[StructLayout(LayoutKind.Sequential)]
internal unsafe readonly struct OpenSslDispatch(int function, void* address)
{
    private readonly int _function = function;
    private readonly void* _address = address;
}

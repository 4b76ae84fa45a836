using Microsoft.Win32.SafeHandles;

namespace TlsFront.Transport.Native.Interop;

/// <summary>Owns one reference to an <c>SSL_CTX</c>. Connections made from it hold their own, so it may go while they live.</summary>
internal sealed class SslContextHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly NativeObjects _objects;

    public SslContextHandle(nint context, NativeObjects objects)
        : base(ownsHandle: true)
    {
        _objects = objects;
        SetHandle(context);
        if (!IsInvalid)
        {
            objects.Context(1);
        }
    }

    protected override bool ReleaseHandle()
    {
        OpenSsl.SSL_CTX_free(handle);
        _objects.Context(-1);
        return true;
    }
}

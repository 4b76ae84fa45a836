using System.Runtime.InteropServices;

namespace TlsFront.Transport.Native.Interop;

/// <summary>How large a block of OpenSSL's memory is, which only the allocator knows.</summary>
internal static unsafe class MallocBlock
{
    /// <summary>An SSL has 8 to 16 KB: whatever says more is not to be believed.</summary>
    private const nuint Most = 64 * 1024;

    /// <summary>Of the allocator that the process has, which may be another than the C library's (LD_PRELOAD); null if nobody can be asked.</summary>
    private static readonly delegate* unmanaged<nint, nuint> UsableSize = Find();

    /// <summary>Octets at <paramref name="allocated"/>, never fewer than were asked for; 0 if that is not known.</summary>
    public static int SizeOf(nint allocated) => UsableSize != null && UsableSize(allocated) is <= Most and var size ? (int)size : 0;

    private static delegate* unmanaged<nint, nuint> Find()
    {
        // OpenSSL may have been given an allocator of its own, as .NET does for its memory statistics: then its blocks are not those of malloc.
        nint allocate;
        OpenSsl.CRYPTO_get_mem_functions(&allocate, null, null);
        var isOurs = NativeLibrary.TryGetExport(NativeLibrary.Load(OpenSsl.Crypto, typeof(OpenSsl).Assembly, null), "CRYPTO_malloc", out var own)
            && own == allocate;
        return isOurs && NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "malloc_usable_size", out var size)
            ? (delegate* unmanaged<nint, nuint>)size
            : null;
    }
}

using System.Runtime.InteropServices;

namespace TlsFront.Transport.Native.Interop;

/// <summary><c>OSSL_PARAM</c>: a named value for one of OpenSSL's algorithms. An array of them ends with one that has no name.</summary>
/// <param name="name">The name, with a zero behind it.</param>
/// <param name="type"><see cref="Text"/> or <see cref="Octets"/>.</param>
/// <param name="value">The value.</param>
/// <param name="length">Its octets.</param>
[StructLayout(LayoutKind.Sequential)]
internal unsafe readonly struct OpenSslParameter(byte* name, uint type, byte* value, int length)
{
    /// <summary>OSSL_PARAM_INTEGER.</summary>
    private const uint Integer = 1;

    /// <summary>OSSL_PARAM_UTF8_STRING.</summary>
    public const uint Text = 4;

    /// <summary>OSSL_PARAM_OCTET_STRING.</summary>
    public const uint Octets = 5;

    private readonly byte* _name = name;
    private readonly uint _type = type;
    private readonly byte* _value = value;
    private readonly nuint _length = (nuint)length;

    // OSSL_PARAM_UNMODIFIED
    private readonly nuint _returned = nuint.MaxValue;

    /// <summary>Whether it is the end of an array.</summary>
    public bool IsEnd => _name is null;

    /// <summary>Its name.</summary>
    public ReadOnlySpan<byte> Name => MemoryMarshal.CreateReadOnlySpanFromNullTerminated(_name);

    /// <summary>Its text or octets; valid as long as the array is.</summary>
    public ReadOnlySpan<byte> Value => new(_value, checked((int)_length));

    /// <summary>Its number; 0 if it is none that fits.</summary>
    public int Number => _type == Integer && _length == sizeof(int) ? *(int*)_value : 0;
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TlsFront.Transport.Native.Interop;

/// <summary>
/// A BIO between OpenSSL and a loop's scratch: OpenSSL reads ciphertext from it as if it were the socket, and what it writes collects until
/// it is sent in one piece. One per loop, shared by all its connections, because only one of them is worked on at a time.
/// </summary>
internal sealed unsafe class ScratchBio : IDisposable
{
    // BIO_FLAGS_READ, BIO_FLAGS_WRITE, BIO_FLAGS_SHOULD_RETRY and their mask.
    private const int RetryRead = 0x09;
    private const int RetryWrite = 0x0A;
    private const int RetryMask = 0x0F;

    private const int TypeSourceSink = 0x400;
    private const int ControlFlush = 11;

    private readonly NativeObjects _objects;
    private readonly byte[] _output;
    private readonly nint _method;
    private readonly nint _bio;
    private readonly State* _state;

    /// <param name="input">Pinned array the ciphertext is received into.</param>
    /// <param name="output">Pinned array the ciphertext to send collects in.</param>
    /// <param name="objects">Where what is held is counted.</param>
    public ScratchBio(byte[] input, byte[] output, NativeObjects objects)
    {
        _objects = objects;
        _output = output;
        _state = (State*)NativeMemory.AllocZeroed((nuint)sizeof(State));

        // Safe to keep: both arrays are on the pinned heap, and this object and the scratch that owns it keep them alive.
        _state->Input = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(input));
        _state->Output = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(output));
        _state->OutputCapacity = output.Length;
        _method = OpenSsl.BIO_meth_new(TypeSourceSink | 0x80, "tlsfront loop");
        _ = OpenSsl.BIO_meth_set_read(_method, &Read);
        _ = OpenSsl.BIO_meth_set_write(_method, &Write);
        _ = OpenSsl.BIO_meth_set_ctrl(_method, &Control);
        _bio = OpenSsl.BIO_new(_method);
        if (_bio == 0)
        {
            throw new InvalidOperationException("OpenSSL cannot make a BIO.");
        }

        OpenSsl.BIO_set_data(_bio, _state);
        OpenSsl.BIO_set_init(_bio, 1);
        objects.Bio(1);
        objects.Buffer(1);
    }

    /// <summary>Ciphertext received and not yet taken by OpenSSL.</summary>
    public int InputLeft => _state->InputEnd - _state->InputOffset;

    /// <summary>Where in the input scratch it starts.</summary>
    public int InputOffset => _state->InputOffset;

    /// <summary>Ciphertext that waits to be sent.</summary>
    public int OutputLength => _state->OutputLength;

    /// <summary>Ciphertext received and not yet taken.</summary>
    public Span<byte> Input => new(_state->Input + _state->InputOffset, InputLeft);

    /// <summary>Where the next ciphertext to send belongs; <see cref="Put"/> follows.</summary>
    public Span<byte> OutputLeft => _output.AsSpan(_state->OutputLength);

    /// <summary>Declares bytes of the input as taken.</summary>
    public void Take(int count) => _state->InputOffset += count;

    /// <summary>Declares bytes as written for sending.</summary>
    public void Put(int count) => _state->OutputLength += count;

    /// <summary>Moves what was not taken to the start of the input scratch; how much it is.</summary>
    public int KeepInput()
    {
        var left = Input;
        if (InputOffset > 0)
        {
            left.CopyTo(new Span<byte>(_state->Input, left.Length));
            SetInput(left.Length);
        }

        return left.Length;
    }

    /// <summary>Declares the first <paramref name="length"/> bytes of the input scratch as received.</summary>
    public void SetInput(int length)
    {
        _state->InputOffset = 0;
        _state->InputEnd = length;
    }

    /// <summary>Declares what waits to be sent as sent.</summary>
    public void ClearOutput() => _state->OutputLength = 0;

    /// <summary>Ciphertext that waits to be sent; valid until more is written.</summary>
    public ReadOnlySpan<byte> Output => _output.AsSpan(0, _state->OutputLength);

    /// <summary>
    /// Makes this the BIO of <paramref name="ssl"/>, in place of the one it had.
    /// OpenSSL takes one reference for both directions and makes the second itself.
    /// </summary>
    public void Attach(nint ssl)
    {
        _ = OpenSsl.BIO_up_ref(_bio);
        OpenSsl.SSL_set_bio(ssl, _bio, _bio);
    }

    public void Dispose()
    {
        _ = OpenSsl.BIO_free(_bio);
        OpenSsl.BIO_meth_free(_method);
        NativeMemory.Free(_state);
        _objects.Bio(-1);
        _objects.Buffer(-1);
    }

    // The callbacks run inside an OpenSSL call of the loop thread. They touch nothing but the state and the two arrays and check every length
    // against them. Should they throw nevertheless, the call fails: an exception across native frames would end the process.
    [UnmanagedCallersOnly]
    private static int Read(nint bio, byte* buffer, int capacity)
    {
        try
        {
            var state = (State*)OpenSsl.BIO_get_data(bio);
            var count = Math.Min(capacity, state->InputEnd - state->InputOffset);
            OpenSsl.BIO_clear_flags(bio, RetryMask);
            if (count <= 0)
            {
                OpenSsl.BIO_set_flags(bio, RetryRead);
                return -1;
            }

            Unsafe.CopyBlockUnaligned(buffer, state->Input + state->InputOffset, (uint)count);
            state->InputOffset += count;
            return count;
        }
        catch
        {
            return -1;
        }
    }

    [UnmanagedCallersOnly]
    private static int Write(nint bio, byte* bytes, int length)
    {
        try
        {
            var state = (State*)OpenSsl.BIO_get_data(bio);
            OpenSsl.BIO_clear_flags(bio, RetryMask);
            if (length <= 0 || length > state->OutputCapacity - state->OutputLength)
            {
                OpenSsl.BIO_set_flags(bio, RetryWrite);
                return -1;
            }

            Unsafe.CopyBlockUnaligned(state->Output + state->OutputLength, bytes, (uint)length);
            state->OutputLength += length;
            return length;
        }
        catch
        {
            return -1;
        }
    }

    [UnmanagedCallersOnly]
    private static nint Control(nint bio, int command, nint number, void* pointer) => command == ControlFlush ? 1 : 0;

    private struct State
    {
        public byte* Input;
        public int InputOffset;
        public int InputEnd;
        public byte* Output;
        public int OutputLength;
        public int OutputCapacity;
    }
}

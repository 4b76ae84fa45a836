using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TlsFront.Protocols;
using TlsFront.Transport.Native.Interop;
using TlsFront.Transport.Native.Records;

namespace TlsFront.Transport.Native;

/// <summary>
/// Working memory of a loop, lent to whichever session it works on and empty between two of them: an idle session owns no buffer. All on the
/// pinned heap, so that system calls and OpenSSL may be given addresses.
/// </summary>
internal sealed class LoopScratch : IDisposable
{
    /// <summary>Largest record of TLS on the wire (RFC 8446 section 5.2), with its header.</summary>
    public const int RecordBytes = (16 * 1024) + 256 + 5;

    /// <summary>More than this at once gains nothing: the system calls are paid by then, and the processor's second cache is full.</summary>
    private const int LargestBatch = 256 * 1024;

    /// <summary>What may be unsent when a machine is called, and what that call may add.</summary>
    private const int OutgoingBytes = TlsRecord.MaxPlaintext + MailMachine.MaxCarry + EmitBuffer.InsertCapacity + EmitBuffer.KeptCapacity;

    /// <summary>More keyed contexts at once gain nothing: a key is set in less than a microsecond, and each takes up to 2 KB.</summary>
    private const int AeadCapacity = 512;

    /// <param name="bufferBytes">Most bytes a session may keep in one direction.</param>
    /// <param name="objects">Where native objects are counted.</param>
    public LoopScratch(int bufferBytes, NativeObjects objects)
    {
        var batchBytes = BatchBytes = Math.Max(bufferBytes, LargestBatch);
        CipherIn = GC.AllocateUninitializedArray<byte>(Math.Max(batchBytes, 2 * MailMachine.MaxCarry), pinned: true);

        // A batch of ciphertext may complete a record that began in an earlier one.
        FromClient = GC.AllocateUninitializedArray<byte>(batchBytes + RecordBytes, pinned: true);
        FromBackend = GC.AllocateUninitializedArray<byte>(Math.Max(batchBytes, MailMachine.MaxCarry), pinned: true);
        ToClient = GC.AllocateUninitializedArray<byte>(OutgoingBytes, pinned: true);
        ToBackend = GC.AllocateUninitializedArray<byte>(OutgoingBytes, pinned: true);
        Aead = new AeadContexts(AeadCapacity, objects);
        Bio = new ScratchBio(CipherIn, GC.AllocateUninitializedArray<byte>((2 * batchBytes) + (64 * 1024), pinned: true), objects);
        BackendBio = new ScratchBio(CipherIn, GC.AllocateUninitializedArray<byte>((2 * batchBytes) + (64 * 1024), pinned: true), objects);
    }

    /// <summary>Most bytes moved in one direction before they are sent.</summary>
    public int BatchBytes { get; }

    /// <summary>Ciphertext as received.</summary>
    public byte[] CipherIn { get; }

    /// <summary>The client's plaintext.</summary>
    public byte[] FromClient { get; }

    /// <summary>The backend's bytes.</summary>
    public byte[] FromBackend { get; }

    /// <summary>Plaintext for the client that waits to be encrypted together.</summary>
    public byte[] ToClient { get; }

    /// <summary>Bytes for the backend that wait to be sent together.</summary>
    public byte[] ToBackend { get; }

    /// <summary>What OpenSSL reads clients' <see cref="CipherIn"/> through, and where it leaves ciphertext to send.</summary>
    public ScratchBio Bio { get; }

    /// <summary>The same for backends: what waits to be sent to one side must not be mixed with what waits for the other.</summary>
    public ScratchBio BackendBio { get; }

    /// <summary>Contexts for records of our own.</summary>
    public AeadContexts Aead { get; }

    /// <summary>What a machine emits in one call.</summary>
    public EmitBuffer Emitted { get; } = new();

    /// <summary>Bytes the session at work may still receive in this turn, so that no session keeps the others waiting.</summary>
    public int TurnBudget { get; set; }

    /// <summary>Address of an element of one of the pinned arrays; valid as long as this object lives.</summary>
    public static unsafe byte* AddressOf(byte[] pinned, int offset) =>
        (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned)) + offset;

    /// <summary>Drops what waits to be sent to either side.</summary>
    public void ClearOutput()
    {
        Bio.ClearOutput();
        BackendBio.ClearOutput();
    }

    public void Dispose()
    {
        Aead.Dispose();
        Bio.Dispose();
        BackendBio.Dispose();
    }
}

namespace TlsFront.Transport.Native.Interop;

/// <summary>What an engine holds outside the garbage collector's reach, so that tests can see that all of it is given back.</summary>
internal sealed class NativeObjects
{
    private int _connections;
    private int _contexts;
    private int _bios;
    private int _buffers;
    private int _descriptors;
    private int _records;
    private int _aeads;
    private int _held;

    /// <summary>Connections whose TLS goes on without an SSL.</summary>
    public int LiveRecords => Volatile.Read(ref _records);

    /// <summary>Live objects by kind: SSL, SSL_CTX, BIO, buffers, file descriptors.</summary>
    public (int Ssl, int Contexts, int Bios, int Buffers, int Descriptors) Live => (
        Volatile.Read(ref _connections), Volatile.Read(ref _contexts), Volatile.Read(ref _bios), Volatile.Read(ref _buffers),
        Volatile.Read(ref _descriptors));

    /// <summary>Bytes of pooled arrays that keep what peers do not take, or what of them cannot be decrypted yet.</summary>
    public int HeldBytes => Volatile.Read(ref _held);

    /// <summary><see cref="Live"/> with the names metrics have.</summary>
    public IReadOnlyList<(string Kind, long Count)> ByKind()
    {
        var (ssl, contexts, bios, buffers, descriptors) = Live;
        return
        [
            ("ssl", ssl), ("ssl_ctx", contexts), ("bio", bios), ("buffer", buffers), ("descriptor", descriptors), ("records", LiveRecords),
            ("aead", Volatile.Read(ref _aeads)),
        ];
    }

    public void Ssl(int change) => Interlocked.Add(ref _connections, change);

    public void Context(int change) => Interlocked.Add(ref _contexts, change);

    public void Bio(int change) => Interlocked.Add(ref _bios, change);

    public void Buffer(int change) => Interlocked.Add(ref _buffers, change);

    public void Records(int change) => Interlocked.Add(ref _records, change);

    public void Aead(int change) => Interlocked.Add(ref _aeads, change);

    public void Held(int change) => Interlocked.Add(ref _held, change);

    public void Descriptor(int change) => Interlocked.Add(ref _descriptors, change);
}

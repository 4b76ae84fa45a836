using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TlsFront.Transport.Native.Interop;

namespace TlsFront.Transport.Native.Tls;

/// <summary>
/// The keys session tickets are made with: the first encrypts, all decrypt. From files, so that any replica resumes any client, or of this
/// process alone and changed by itself.
/// </summary>
internal sealed unsafe class TicketKeys : IDisposable
{
    /// <summary>How long an own key encrypts. Tickets live for two hours, so one predecessor is enough.</summary>
    private static readonly TimeSpan OwnLifetime = TimeSpan.FromHours(4);

    private readonly TimeProvider _time;
    private readonly IReadOnlyList<string> _files;
    private readonly GCHandle _self;
    private readonly Lock _lock = new();
    private volatile TicketKey[] _keys;
    private long _made;

    /// <exception cref="InvalidDataException">A key file cannot be used; the message is for the operator.</exception>
    public TicketKeys(IReadOnlyList<string> files, TimeProvider time)
    {
        _time = time;
        _files = files;
        _keys = files.Count > 0 ? Read(files) : [New()];
        _made = time.GetTimestamp();
        _self = GCHandle.Alloc(this);
    }

    /// <summary>Reads the key files again. Failing leaves the keys as they are.</summary>
    /// <exception cref="InvalidDataException">A key file cannot be used; the message is for the operator.</exception>
    public void Reload()
    {
        if (_files.Count > 0)
        {
            _keys = Read(_files);
        }
    }

    /// <summary>Has <paramref name="context"/> make and read its tickets with these keys.</summary>
    public void Attach(SslContextHandle context)
    {
        _ = OpenSsl.SSL_CTX_set_ex_data(context, 0, GCHandle.ToIntPtr(_self));
        _ = OpenSsl.SSL_CTX_set_tlsext_ticket_key_evp_cb(context, &UseKey);
    }

    /// <summary>Only after every context and connection is gone.</summary>
    public void Dispose() => _self.Free();

    /// <summary>The key that encrypts now.</summary>
    public TicketKey Current()
    {
        if (_files.Count == 0 && _time.GetElapsedTime(Volatile.Read(ref _made)) >= OwnLifetime)
        {
            lock (_lock)
            {
                if (_time.GetElapsedTime(_made) >= OwnLifetime)
                {
                    _keys = [New(), _keys[0]];
                    Volatile.Write(ref _made, _time.GetTimestamp());
                }
            }
        }

        return _keys[0];
    }

    /// <summary>The key a ticket was made with, and whether that is to be replaced; null if it is unknown.</summary>
    public TicketKey? Find(ReadOnlySpan<byte> name, out bool outdated)
    {
        var keys = _keys;
        for (var i = 0; i < keys.Length; i++)
        {
            if (keys[i].Name.SequenceEqual(name))
            {
                outdated = i > 0;
                return keys[i];
            }
        }

        outdated = false;
        return null;
    }

    private static TicketKey New() => new(RandomNumberGenerator.GetBytes(TicketKey.Length));

    private static TicketKey[] Read(IReadOnlyList<string> files)
    {
        var keys = new TicketKey[files.Count];
        for (var i = 0; i < keys.Length; i++)
        {
            byte[] octets;
            try
            {
                octets = File.ReadAllBytes(files[i]);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new InvalidDataException($"session ticket key {files[i]} cannot be read: {exception.Message}", exception);
            }

            if (octets.Length != TicketKey.Length)
            {
                throw new InvalidDataException($"session ticket key {files[i]} has {octets.Length} octets; it must have {TicketKey.Length} (make one with: openssl rand {TicketKey.Length})");
            }

            keys[i] = new TicketKey(octets);
        }

        return keys;
    }

    /// <summary>
    /// Called by OpenSSL for each ticket to make or read. Safe: the name and vector have 16 octets by contract, all else is copied during
    /// the calls, and no exception leaves it.
    /// </summary>
    [UnmanagedCallersOnly]
    private static int UseKey(nint ssl, byte* name, byte* vector, nint cipher, nint mac, int encrypt)
    {
        try
        {
            var keys = (TicketKeys)GCHandle.FromIntPtr(OpenSsl.SSL_CTX_get_ex_data(OpenSsl.SSL_get_SSL_CTX(ssl), 0)).Target!;
            var nameSpan = new Span<byte>(name, TicketKey.NameLength);
            var outdated = false;
            TicketKey? key;
            if (encrypt != 0)
            {
                key = keys.Current();
                key.Name.CopyTo(nameSpan);
                RandomNumberGenerator.Fill(new Span<byte>(vector, 16));
            }
            else if ((key = keys.Find(nameSpan, out outdated)) is null)
            {
                return 0;
            }

            return !TicketCipher.Start(key, cipher, mac, vector, encrypt != 0) ? -1 : outdated ? 2 : 1;
        }
        catch (CryptographicException)
        {
            return -1;
        }
    }
}

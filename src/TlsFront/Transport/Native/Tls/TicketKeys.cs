using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TlsFront.Connections;
using TlsFront.Handover;
using TlsFront.Tls.Tickets;
using TlsFront.Transport.Native.Interop;

namespace TlsFront.Transport.Native.Tls;

/// <summary>
/// The keys session tickets are made with: the first encrypts, all decrypt. From files, so that any replica resumes any client, or of this
/// process alone and changed by itself.
/// </summary>
internal sealed unsafe class TicketKeys : IHandedState, IDisposable
{
    /// <summary>How long an own key encrypts. Tickets live for two hours, so one predecessor is enough.</summary>
    private static readonly TimeSpan OwnLifetime = TimeSpan.FromHours(4);

    /// <summary>The one that encrypts, and its predecessor.</summary>
    private const int MostOwn = 2;

    // What the callback answers, by SSL_CTX_set_tlsext_ticket_key_evp_cb(3).
    private const int Failure = -1;
    private const int UnknownKey = 0;
    private const int Success = 1;
    private const int TicketToRenew = 2;

    private readonly TimeProvider _time;
    private readonly TicketKeyStore? _shared;
    private readonly GCHandle _self;
    private readonly Lock _lock = new();
    private volatile TicketKey[] _own = [New()];
    private long _made;

    public TicketKeys(TicketKeyStore? shared, TimeProvider time)
    {
        _time = time;
        _shared = shared;
        _made = time.GetTimestamp();
        _self = GCHandle.Alloc(this);
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
        if (Shared is [var first, ..])
        {
            return first;
        }

        if (_time.GetElapsedTime(Volatile.Read(ref _made)) >= OwnLifetime)
        {
            lock (_lock)
            {
                if (_time.GetElapsedTime(_made) >= OwnLifetime)
                {
                    _own = [New(), _own[0]];
                    Volatile.Write(ref _made, _time.GetTimestamp());
                }
            }
        }

        return _own[0];
    }

    /// <summary>The key a ticket was made with, and whether that is to be replaced; null if it is unknown.</summary>
    public TicketKey? Find(ReadOnlySpan<byte> name, out bool outdated)
    {
        var keys = Shared is { IsEmpty: false } shared ? shared : _own;
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

    /// <inheritdoc/>
    public string Name => "ticket-keys/1";

    private ReadOnlySpan<TicketKey> Shared => _shared is null ? default : _shared.Current;

    /// <inheritdoc/>
    public void Export(StateWriter state)
    {
        lock (_lock)
        {
            state.Write((ulong)_time.GetElapsedTime(_made).TotalMilliseconds);
            state.Write(_own.Length);
            foreach (var key in _own)
            {
                state.Write(key.Octets);
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>They are as old as they were: an upgrade every hour must not make them live for ever.</remarks>
    public void Import(ref StateReader state)
    {
        var age = state.ReadUInt64();
        var count = state.ReadCount();
        if (count is 0 or > MostOwn)
        {
            throw new HandoverException($"the running gateway sent {count} session ticket keys of its own, 1 or {MostOwn} were expected");
        }

        var keys = new TicketKey[count];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = new(state.ReadBytes(TicketKey.Length).ToArray());
        }

        lock (_lock)
        {
            _own = keys;
            var since = (long)(Math.Min(age, OwnLifetime.TotalMilliseconds) / 1000 * _time.TimestampFrequency);
            Volatile.Write(ref _made, _time.GetTimestamp() - since);
        }
    }

    private static TicketKey New() => new(RandomNumberGenerator.GetBytes(TicketKey.Length));

    /// <summary>
    /// Called by OpenSSL for each ticket to make or read. Safe: the name and vector have 16 octets by contract, all else is copied during
    /// the calls, and no exception leaves it, which would end the process: the handshake fails instead.
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
                return UnknownKey;
            }

            if (!TicketCipher.Start(key, cipher, mac, vector, encrypt != 0))
            {
                return Failure;
            }

            // RFC 8446 appendix C.4: clients of TLS 1.3 should use a ticket once, so that nobody links their connections, and need one for the next.
            return outdated || (encrypt == 0 && OpenSsl.SSL_version(ssl) >= (int)TlsVersion.Tls13) ? TicketToRenew : Success;
        }
        catch
        {
            return Failure;
        }
    }
}

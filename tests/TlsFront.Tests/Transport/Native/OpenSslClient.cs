using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace TlsFront.Tests.Transport.Native;

/// <summary>
/// A blocking TLS client on OpenSSL, for what <c>SslStream</c> cannot do: key updates, sessions kept and offered, verification alerts.
/// </summary>
internal sealed unsafe partial class OpenSslClient : IDisposable
{
    private const string Library = "libssl.so.3";
    private readonly Socket _socket = new(
        AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    { NoDelay = true, ReceiveTimeout = 20_000, SendTimeout = 20_000 };
    private readonly nint _context;
    private readonly nint _ssl;

    [ThreadStatic]
    private static int _verificationError;

    public OpenSslClient(
        IPEndPoint address, bool verify = false, nint session = 0, int minimumVersion = 0, int maximumVersion = 0, string? groups = null,
        int? securityLevel = null, string? serverName = null, string? suite = null, byte fragmentLength = 0)
    {
        _socket.Connect(address);
        _context = SSL_CTX_new(TLS_client_method());
        SSL_CTX_set_verify(_context, verify ? 1 : 0, null);
        if (securityLevel is { } level)
        {
            SSL_CTX_set_security_level(_context, level);
        }

        if (minimumVersion != 0)
        {
            SSL_CTX_ctrl(_context, 123, minimumVersion, null);
        }

        SSL_CTX_ctrl(_context, 124, maximumVersion, null);
        if (groups is not null)
        {
            fixed (byte* names = Encoding.ASCII.GetBytes(groups + '\0'))
            {
                Assert.Equal(1, SSL_CTX_ctrl(_context, 92, 0, names));
            }
        }

        if (suite is not null)
        {
            // Those of TLS 1.3 have a list of their own, and other names.
            Assert.Equal(1, suite.StartsWith("TLS_", StringComparison.Ordinal)
                ? SSL_CTX_set_ciphersuites(_context, suite) : SSL_CTX_set_cipher_list(_context, suite));
        }

        Assert.Equal(1, SSL_CTX_set_tlsext_max_fragment_length(_context, fragmentLength));
        _ssl = SSL_new(_context);
        _ = SSL_set_fd(_ssl, (int)_socket.Handle);
        if (serverName is not null)
        {
            fixed (byte* name = Encoding.ASCII.GetBytes(serverName + '\0'))
            {
                Assert.Equal(1, SSL_ctrl(_ssl, 55, 0, name));
            }
        }

        if (session != 0)
        {
            Assert.Equal(1, SSL_set_session(_ssl, session));
        }
    }

    public Socket Socket => _socket;

    public bool Resumed => SSL_session_reused(_ssl) == 1;

    /// <summary>The name asked for, if the gateway said that it heeded it; otherwise null.</summary>
    public string? AcknowledgedName
    {
        get
        {
            var session = SSL_get1_session(_ssl);
            var name = Marshal.PtrToStringUTF8((nint)SSL_SESSION_get0_hostname(session));
            SSL_SESSION_free(session);
            return name;
        }
    }

    /// <summary>The X509_V_ERR_... that the client finds in whatever certificate it gets.</summary>
    public int VerificationError { get; init; }

    public Task<int> HandshakeAsync() => Task.Run(() =>
    {
        if (VerificationError != 0)
        {
            // Called back on this thread.
            _verificationError = VerificationError;
            SSL_set_verify(_ssl, 1, &Reject);
        }

        return SSL_connect(_ssl);
    });

    /// <summary>The session to resume later; read something before, as its ticket comes behind the handshake.</summary>
    public nint TakeSession() => SSL_get1_session(_ssl);

    public static void Free(nint session) => SSL_SESSION_free(session);

    /// <summary>Changes our sending key, and asks the peer to change its own if <paramref name="ask"/> is set.</summary>
    public void UpdateKey(bool ask) => Assert.Equal(1, SSL_key_update(_ssl, ask ? 1 : 0));

    /// <summary>Asks for a new key again and again, with nothing between, until the peer has enough or <paramref name="count"/> is reached.</summary>
    public Task UpdateKeysAsync(int count) => Task.Run(() =>
    {
        for (var i = 0; i < count && SSL_key_update(_ssl, 1) == 1 && SSL_do_handshake(_ssl) == 1; i++)
        {
        }
    });

    public Task SendAsync(string text) => Task.Run(() =>
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        fixed (byte* start = bytes)
        {
            Assert.Equal(bytes.Length, SSL_write(_ssl, start, bytes.Length));
        }
    });

    public Task<string> ReceiveAsync(int length) => Task.Run(() =>
    {
        var bytes = new byte[length];
        fixed (byte* start = bytes)
        {
            for (var read = 0; read < length;)
            {
                var count = SSL_read(_ssl, start + read, length - read);
                Assert.True(count > 0, "the gateway closed early");
                read += count;
            }
        }

        return Encoding.ASCII.GetString(bytes);
    });

    /// <summary>Reads what is left; whether close_notify ended it.</summary>
    public Task<bool> ReceiveEndAsync() => Task.Run(() =>
    {
        byte* space = stackalloc byte[1024];
        while (SSL_read(_ssl, space, 1024) > 0)
        {
        }

        // SSL_RECEIVED_SHUTDOWN
        return (SSL_get_shutdown(_ssl) & 2) != 0;
    });

    public void Dispose()
    {
        // Without a goodbye OpenSSL takes the session for broken and never resumes it.
        _ = SSL_shutdown(_ssl);
        SSL_free(_ssl);
        SSL_CTX_free(_context);
        _socket.Dispose();
    }

    [UnmanagedCallersOnly]
    private static int Reject(int isGood, nint verification)
    {
        X509_STORE_CTX_set_error(verification, _verificationError);
        return 0;
    }

    [LibraryImport("libcrypto.so.3")]
    private static partial void X509_STORE_CTX_set_error(nint verification, int error);

    [LibraryImport(Library)]
    private static partial void SSL_set_verify(nint ssl, int mode, delegate* unmanaged<int, nint, int> callback);

    [LibraryImport(Library)]
    private static partial void SSL_CTX_set_security_level(nint context, int level);

    [LibraryImport(Library)]
    private static partial nint TLS_client_method();

    [LibraryImport(Library)]
    private static partial nint SSL_CTX_new(nint method);

    [LibraryImport(Library)]
    private static partial void SSL_CTX_free(nint context);

    [LibraryImport(Library)]
    private static partial void SSL_CTX_set_verify(nint context, int mode, void* callback);

    [LibraryImport(Library)]
    private static partial nint SSL_CTX_ctrl(nint context, int command, nint number, void* pointer);

    [LibraryImport(Library)]
    private static partial nint SSL_ctrl(nint ssl, int command, nint number, void* pointer);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SSL_CTX_set_ciphersuites(nint context, string suites);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SSL_CTX_set_cipher_list(nint context, string suites);

    [LibraryImport(Library)]
    private static partial int SSL_get_shutdown(nint ssl);

    [LibraryImport(Library)]
    private static partial int SSL_CTX_set_tlsext_max_fragment_length(nint context, byte mode);

    [LibraryImport(Library)]
    private static partial nint SSL_new(nint context);

    [LibraryImport(Library)]
    private static partial void SSL_free(nint ssl);

    [LibraryImport(Library)]
    private static partial int SSL_shutdown(nint ssl);

    [LibraryImport(Library)]
    private static partial int SSL_set_fd(nint ssl, int descriptor);

    [LibraryImport(Library)]
    private static partial int SSL_connect(nint ssl);

    [LibraryImport(Library)]
    private static partial int SSL_read(nint ssl, byte* buffer, int capacity);

    [LibraryImport(Library)]
    private static partial int SSL_write(nint ssl, byte* bytes, int length);

    [LibraryImport(Library)]
    private static partial int SSL_key_update(nint ssl, int type);

    [LibraryImport(Library)]
    private static partial int SSL_do_handshake(nint ssl);

    [LibraryImport(Library)]
    private static partial int SSL_session_reused(nint ssl);

    [LibraryImport(Library)]
    private static partial nint SSL_get1_session(nint ssl);

    [LibraryImport(Library)]
    private static partial int SSL_set_session(nint ssl, nint session);

    [LibraryImport(Library)]
    private static partial byte* SSL_SESSION_get0_hostname(nint session);

    [LibraryImport(Library)]
    private static partial void SSL_SESSION_free(nint session);
}

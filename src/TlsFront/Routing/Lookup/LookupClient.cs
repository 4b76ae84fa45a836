using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using TlsFront.Configuration;
using TlsFront.Connections;

namespace TlsFront.Routing.Lookup;

/// <summary>Asks the service of one listener, and remembers what it said.</summary>
#pragma warning disable CA1001 // requests under way end in peace when settings change, and idle connections end by themselves
internal sealed class LookupClient
#pragma warning restore CA1001
{
    /// <summary>Longest header of an answer, in KiB: eight times what nginx takes.</summary>
    private const int MaxHeader = 8;

    /// <summary>Longest body of an answer, which nobody reads, that does not cost the connection.</summary>
    private const int MaxBody = 16 * 1024;

    /// <summary>Most requests at once; more wait for as long as one may take.</summary>
    private const int MaxConnections = 64;

    private readonly TimeProvider _time;
    private readonly HttpClient _http;
    private readonly LookupCache _hits;
    private readonly LookupCache _misses;

    /// <param name="settings">The service.</param>
    /// <param name="authorities">The authorities that its certificate may be of; null for those the system trusts.</param>
    /// <param name="headers">Headers of the operator's own for each request.</param>
    /// <param name="time">The clock.</param>
    public LookupClient(
        LookupSettings settings, X509Certificate2Collection? authorities, IReadOnlyList<KeyValuePair<string, string>> headers, TimeProvider time)
    {
        (Settings, Authorities, Headers, _time) = (settings, authorities, headers, time);
        _http = new(CreateHandler(settings, authorities)) { Timeout = Timeout.InfiniteTimeSpan };
        _hits = new(settings.RemembersAnswers ? settings.Cache.Hits : TimeSpan.Zero, settings.Cache.Entries, time);
        _misses = new(settings.RemembersAnswers ? settings.Cache.Misses : TimeSpan.Zero, settings.Cache.Entries, time);
    }

    /// <summary>The service.</summary>
    public LookupSettings Settings { get; }

    /// <summary>The authorities that its certificate may be of; null for those the system trusts.</summary>
    public X509Certificate2Collection? Authorities { get; }

    /// <summary>Headers of the operator's own for each request.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

    /// <summary>What was said of the user called <paramref name="key"/>; null if it is to be asked.</summary>
    public LookupAnswer? Find(string key) => _hits.Find(key) ?? _misses.Find(key);

    /// <summary>
    /// Remembers an answer. One that names a server is worth it once a login could be led there: until then, whoever puts the service or the
    /// settings right does not wait.
    /// </summary>
    public void Remember(string key, LookupAnswer answer)
    {
        switch (answer)
        {
            // A password is not kept for longer than the session it is for.
            case { Result: LookupResult.Found, Password: null }:
                _hits.Add(key, answer);
                break;
            case { Result: LookupResult.Refused }:
                _misses.Add(key, answer);
                break;
        }
    }

    /// <summary>Asks about the login that a session holds.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set.</exception>
    public async ValueTask<LookupAnswer> AskAsync(ConnectionRecord record, CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(Settings.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stop);
        try
        {
            using var request = LookupRequest.Create(Settings, Headers, record);
            if (request is null)
            {
                return LookupAnswer.Failed(LookupResult.PasswordTooLong);
            }

            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return LookupAnswerReader.Read(response);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return LookupAnswer.Failed(LookupResult.Timeout);
        }
        catch (HttpRequestException exception)
        {
            // Its words may hold a line of the answer, and that a password.
            return LookupAnswer.Failed(exception.HttpRequestError switch
            {
                HttpRequestError.SecureConnectionError => LookupResult.TlsFailed,
                HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded => LookupResult.BadAnswer,
                _ => LookupResult.Unreachable,
            });
        }
    }

    private static SocketsHttpHandler CreateHandler(LookupSettings settings, X509Certificate2Collection? authorities)
    {
        // Offline: what a certificate names is not fetched.
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (authorities is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(authorities);
        }

        return new()
        {
            // Where a redirect or a proxy leads, nobody was asked whether passwords may go there.
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            // Spans are the connection's own, and headers are nginx's.
            ActivityHeadersPropagator = null,
            ConnectTimeout = settings.Timeout,
            MaxConnectionsPerServer = MaxConnections,
            MaxResponseHeadersLength = MaxHeader,
            MaxResponseDrainSize = MaxBody,
            ResponseDrainTimeout = TimeSpan.FromSeconds(1),
            // A name may stand for another address by then.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
            ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
            SslOptions = new SslClientAuthenticationOptions
            {
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                CertificateChainPolicy = policy,
                AllowRenegotiation = false,
            },
        };
    }
}

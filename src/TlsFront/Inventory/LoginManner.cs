using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using TlsFront.Connections;

namespace TlsFront.Inventory;

/// <summary>How a login was made and what became of it: all but whose it is, when, and from where. What is not known is empty.</summary>
internal readonly record struct LoginManner
{
    /// <summary>What stands for a suite with forward secrecy and authenticated encryption.</summary>
    public const string StrongCipher = "strong";

    /// <summary>Its columns, in the order of <see cref="Values"/>.</summary>
    public static readonly string[] Columns =
    [
        "listener", "protocol", "transport", "tls", "cipher", "tls_group", "server_name", "program", "ja4", "outcome", "policy", "action",
        "offered_tls", "offered_cipher",
    ];

    /// <summary>Those of them whose values come from settings and closed lists, in the order of <see cref="ClosedValues"/>.</summary>
    public static readonly string[] ClosedColumns =
        ["listener", "protocol", "transport", "tls", "cipher", "tls_group", "outcome", "policy", "action"];

    /// <summary>The manner of <paramref name="login"/>.</summary>
    public LoginManner(in RecordedLogin login)
    {
        (Listener, Protocol, Transport, Program) = (login.Listener, login.Protocol, login.Transport, login.Program ?? "");
        (Outcome, Policy, Action) = (login.Outcome.Tag(), login.Policy ?? "", login.Action.Tag() ?? "");
        (Tls, Cipher, Group) = (login.Tls?.Version.Number() ?? "", login.Tls?.CipherSuite ?? "", login.Tls?.Group ?? "");
        (ServerName, Ja4) = (login.Tls?.ServerName ?? "", login.Tls?.Ja4 ?? "");
        (OfferedTls, OfferedCipher) = login.Tls?.Offer is { } offer
            ? (offer.Version.Number(), offer.HasStrongCipher ? StrongCipher : "weak")
            : ("", "");
    }

    public string Listener { get; init; }

    public string Protocol { get; init; }

    public string Transport { get; init; }

    public string Tls { get; init; }

    public string Cipher { get; init; }

    public string Group { get; init; }

    public string ServerName { get; init; }

    public string Program { get; init; }

    public string Ja4 { get; init; }

    public string Outcome { get; init; }

    public string Policy { get; init; }

    public string Action { get; init; }

    /// <summary>The newest TLS version that the client offered.</summary>
    public string OfferedTls { get; init; }

    /// <summary>The best cipher suites that it offered: <see cref="StrongCipher"/> or weak.</summary>
    public string OfferedCipher { get; init; }

    /// <summary>The values of <see cref="Columns"/>.</summary>
    public string[] Values =>
    [
        Listener, Protocol, Transport, Tls, Cipher, Group, ServerName, Program, Ja4, Outcome, Policy, Action, OfferedTls, OfferedCipher,
    ];

    /// <summary>The same without what a client chooses.</summary>
    public LoginManner Closed => this with { ServerName = "", Program = "", Ja4 = "", OfferedTls = "", OfferedCipher = "" };

    /// <summary>The values of <see cref="ClosedColumns"/>.</summary>
    public string[] ClosedValues => [Listener, Protocol, Transport, Tls, Cipher, Group, Outcome, Policy, Action];

    /// <summary>
    /// Its number, the same in every process: part of a hash, so that nobody has to ask the database for it, and two gateways that meet a manner for
    /// the first time agree.
    /// </summary>
    public long Number
    {
        get
        {
            // Values hold no control characters.
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', Values)), hash);
            return BinaryPrimitives.ReadInt64BigEndian(hash);
        }
    }
}

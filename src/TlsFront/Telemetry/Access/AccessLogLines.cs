using TlsFront.Connections;

namespace TlsFront.Telemetry.Access;

/// <summary>The lines there are. README lists their fields; names and order are what log readers rely on.</summary>
internal static class AccessLogLines
{
    private static readonly AccessLogField Id = new("", "Id", static (record, _) => record.Facts.Id);
    private static readonly AccessLogField Listener = new(" ", "Listener", static (record, _) => record.Listener);
    private static readonly AccessLogField Client = new(" client=", "Client", static (record, _) => new(record.Facts.Client));
    private static readonly AccessLogField Via = new(" via=", "Via", static (record, _) => record.Via?.ToString() ?? AccessLogText.Absent);

    /// <summary>Who used the connection, what TLS established, and where it led.</summary>
    private static readonly AccessLogField[] Session =
    [
        new(" user=", "User", static (record, _) => AccessLogText.Word(record.User ?? RefusedUser(record))),
        new(" name=", "ServerName", static (record, _) => AccessLogText.Word(record.Facts.Tls?.ServerName)),
        new(" protocol=", "Protocol", static (record, _) => record.Protocol),
        new(" transport=", "Transport", static (record, _) => record.Transport.Tag()),
        new(" tls=", "TlsVersion", static (record, _) => record.Facts.Tls?.Version.Number() ?? AccessLogText.Absent),
        new(" cipher=", "Cipher", static (record, _) => record.Facts.Tls?.CipherSuite ?? AccessLogText.Absent),
        new(" group=", "Group", static (record, _) => record.Facts.Tls?.Group ?? AccessLogText.Absent),
        new(" resumed=", "Resumed", static (record, _) => YesOrNo(record.Facts.Tls?.Resumed)),
        new(" ja4=", "Ja4", static (record, _) => record.Ja4 ?? AccessLogText.Absent),
        new(" offersTls=", "OffersTls", static (record, _) => record.Facts.Tls?.Offer?.Version.Number() ?? AccessLogText.Absent),
        new(" offersStrong=", "OffersStrong", static (record, _) => YesOrNo(record.Facts.Tls?.Offer?.HasStrongCipher)),
        new(" program=", "Program", static (record, _) => AccessLogText.Words(record.Facts.Program)),
        new(" certificate=", "ClientCertificate", static (record, _) => AccessLogText.Word(record.Facts.Tls?.ClientCertificate?.SerialNumber)),
        new(" issuer=", "ClientCertificateIssuer", static (record, _) => AccessLogText.Word(record.Facts.Tls?.ClientCertificate?.Issuer)),
        new(" route=", "Route", static (record, _) => record.Route ?? AccessLogText.Absent),
        new(" backend=", "Backend", static (record, _) => record.Backend ?? AccessLogText.Absent),
        new(" destination=", "Destination", static (record, _) => record.Destination ?? AccessLogText.Absent),
        new(" routedBy=", "RoutedBy", static (record, _) => record.RoutedBy.Tag() ?? AccessLogText.Absent),
        new(" sticky=", "Sticky", static (record, _) => YesOrNo(record.RoutedBy == RoutedBy.None ? null : record.IsSticky)),
        new(" policy=", "Policy", static (record, _) => record.Policy ?? AccessLogText.Absent),
        new(" policyAction=", "PolicyAction", static (record, _) => record.PolicyAction.Tag() ?? AccessLogText.Absent),
    ];

    /// <summary>The trace itself, so that an exporter finds the span behind the id that the line shows.</summary>
    private static readonly AccessLogField Trace = new(" trace=", "Trace", static (record, _) => new(record.Trace ?? (object)AccessLogText.Absent));

    /// <summary>A login was accepted or refused.</summary>
    public static readonly AccessLogLine Login = new(new EventId(AccessLog.LoginEvent, "Login"),
    [
        Id,
        Listener,
        new(" login ", "Result", static (_, moment) => moment.LoginAccepted ? "accepted" : "refused"),
        Client,
        Via,
        .. Session,
        Trace,
    ]);

    /// <summary>A connection ended.</summary>
    public static readonly AccessLogLine End = new(new EventId(401, "ConnectionEnd"),
    [
        Id,
        Listener,
        new(" end ", "Reason", static (record, _) => record.CloseReason.Tag()),
        Client,
        Via,
        new(" viaId=", "ViaId", static (record, _) => AccessLogText.Word(record.ViaId)),
        new(" viaName=", "ViaServerName", static (record, _) => AccessLogText.Word(record.ViaServerName)),
        .. Session,
        new(" in=", "BytesFromClient", static (record, _) => record.BytesFromClient),
        new(" out=", "BytesToClient", static (record, _) => record.BytesToClient),
        new(" messages=", "Messages", static (record, _) => record.MessagesAccepted),
        new(" refused=", "MessagesRefused", static (record, _) => record.MessagesRefused),
        new(" failedLogins=", "LoginsRefused", static (record, _) => record.LoginsRefused),
        new(" exposed=", "CredentialsExposed", static (record, _) => YesOrNo(record.HasExposedCredentials)),
        new(" exposedUser=", "ExposedUser", static (record, _) => AccessLogText.Word(record.ExposedUser)),
        new(" handshake=", "Handshake", static (record, _) => record.HandshakeDuration),
        new(" connect=", "Connect", static (record, _) => record.ConnectDuration),
        new(" seconds=", "Duration", static (_, moment) => moment.Lifetime),
        Trace,
        new(" detail=", "Detail", static (record, moment) => Detail(record, moment.Seen)),
    ]);

    /// <summary>
    /// Whom a policy refused, so that somebody can write to them: as the client gave it, which nobody verified. Of other refused logins nobody asks
    /// for the name, and it may be a password that was typed in the wrong place.
    /// </summary>
    private static string? RefusedUser(ConnectionRecord record) => record.PolicyAction == PolicyAction.Refuse ? record.Facts.User : null;

    private static string Detail(ConnectionRecord record, string? seen)
    {
        var words = record.Detail ?? record.CloseReason.Words();
        return AccessLogText.Sentence(
            seen is null ? words : record.PolicyAction == PolicyAction.Refuse ? $"{words}; refused by policy: {seen}" : $"{words}; {seen}");
    }

    private static string YesOrNo(bool? isSo) => isSo switch
    {
        true => "yes",
        false => "no",
        null => AccessLogText.Absent,
    };
}

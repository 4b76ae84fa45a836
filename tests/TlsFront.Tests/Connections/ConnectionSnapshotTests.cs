using System.Reflection;
using System.Text.Json;
using TlsFront.Connections;

namespace TlsFront.Tests.Connections;

/// <summary>What is known of a connection on its way to another process.</summary>
public sealed class ConnectionSnapshotTests
{
    /// <summary>Every property is filled with something that is not its default, so that one that is forgotten on the way is found.</summary>
    [Fact]
    public void Everything_arrives()
    {
        var sent = Sample();
        Assert.Empty(
            typeof(ConnectionSnapshot).GetProperties().Where(property => IsDefault(property, sent)).Select(static property => property.Name));

        var json = JsonSerializer.SerializeToUtf8Bytes(sent, ConnectionSnapshotJson.Default.ConnectionSnapshot);
        var received = JsonSerializer.Deserialize(json, ConnectionSnapshotJson.Default.ConnectionSnapshot)!;

        Assert.Equal(sent, received);
        Assert.Equal(sent, ConnectionRecord.Restore(received, NullConnectionEvents.Instance).Capture());
    }

    /// <summary>A later version says more than this one knows.</summary>
    [Fact]
    public void What_is_not_known_is_left_out()
    {
        var json = JsonSerializer.Serialize(Sample(), ConnectionSnapshotJson.Default.ConnectionSnapshot);

        var received = JsonSerializer.Deserialize(json[..^1] + ""","Mood":"good"}""", ConnectionSnapshotJson.Default.ConnectionSnapshot);

        Assert.Equal(Sample(), received);
    }

    [Theory]
    [InlineData("""{"Id":"x"}""")]
    [InlineData("[]")]
    [InlineData("")]
    public void What_is_required_must_be_there(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, ConnectionSnapshotJson.Default.ConnectionSnapshot));

    private static bool IsDefault(PropertyInfo property, ConnectionSnapshot snapshot)
    {
        var value = property.GetValue(snapshot);
        return property.Name != "EqualityContract"
            && (value is null || (property.PropertyType.IsValueType && value.Equals(Activator.CreateInstance(property.PropertyType))));
    }

    private static ConnectionSnapshot Sample() => new()
    {
        Id = "01ABCDEFGHJKMNPQ",
        HostName = "mail.example.com",
        Client = "[2001:db8::1]:40000",
        Local = "192.0.2.1:993",
        Listener = "imaps",
        Protocol = "imap",
        Security = "starttls",
        Program = "Thunderbird/128.0",
        Started = new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero),
        Policy = "starttls-ends",
        PolicyAction = PolicyAction.Warn,
        Idle = TimeSpan.FromMinutes(7),
        Tls = new TlsFacts(TlsVersion.Tls13, "TLS_AES_256_GCM_SHA384", "mail.example.com", "imap")
        {
            Group = "x25519",
            Resumed = true,
            Offer = new(TlsVersion.Tls13, HasStrongCipher: true),
            ClientCertificate = new ClientCertificateFacts("ann", "ann", "/ca.pem", "0A", "CN=CA"),
        },
        LoginUser = "ann",
        IsLoginByCertificate = true,
        Via = "192.0.2.9:5000",
        ViaId = "id-of-the-balancer",
        ViaServerName = "mail.example.com",
        IsUnannounced = true,
        Route = "*.example.com",
        HasExposedCredentials = true,
        ExposedUser = "bob@example.org",
        User = "ann",
        LedUser = "ann",
        RoutedBy = RoutedBy.Map,
        IsSticky = true,
        LoginsAccepted = 1,
        LoginsRefused = 2,
        MessagesAccepted = 3,
        MessagesRefused = 4,
        Backend = "dovecot",
        Destination = "192.0.2.3:143",
        HandshakeDuration = TimeSpan.FromMilliseconds(5),
        ConnectDuration = TimeSpan.FromMilliseconds(6),
        BytesFromClient = 7,
        BytesToClient = 8,
        TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    };
}

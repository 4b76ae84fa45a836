using TlsFront.Connections;
using TlsFront.Telemetry.Access;

namespace TlsFront.Tests.Telemetry;

/// <summary>What is remembered of clients that are refused, and what is not.</summary>
public sealed class ClientHistoryTests
{
    private static readonly DateTimeOffset Now = new(2027, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private readonly ClientHistory _history = new();

    [Fact]
    public void A_client_that_comes_back_is_remembered_whatever_others_come_between()
    {
        _history.Succeeded(Record("10.0.0.1"), Now);
        for (var round = 0; round < 5; round++)
        {
            foreach (var other in Enumerable.Range(0, ClientHistory.Capacity - 10))
            {
                _history.Refused(Record($"172.{16 + round}.{other / 256}.{other % 256}", $"hello{other}"));
            }

            Assert.EndsWith("last success 2027-01-31", _history.Refused(Record("10.0.0.1")), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_flood_of_clients_drives_out_what_is_old_and_costs_no_more_memory()
    {
        _history.Succeeded(Record("10.0.0.1"), Now);
        void Flood()
        {
            for (var other = 0; other < 3 * ClientHistory.Capacity; other++)
            {
                _history.Succeeded(Record($"172.16.{other / 256}.{other % 256}", $"hello{other % 300}"), Now);
            }
        }

        for (var round = 0; round < 3; round++)
        {
            Flood();
        }

        Assert.EndsWith("refused 1 time from 10.0.0.0/24, no success known", _history.Refused(Record("10.0.0.1")), StringComparison.Ordinal);
    }

    [Fact]
    public void IPv4_and_IPv6_networks_are_apart()
    {
        _history.Succeeded(Record("10.0.0.1"), Now);
        Assert.EndsWith("from 2001:db8:1::/48, no success known", _history.Refused(Record("2001:db8:1:2::3")), StringComparison.Ordinal);
        Assert.EndsWith("from 2001:db8:2::/48, no success known", _history.Refused(Record("2001:db8:2:2::3")), StringComparison.Ordinal);
        Assert.StartsWith("refused 2 times", _history.Refused(Record("2001:db8:1:9::3")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "refused 1 time from 10.0.0.0/24")]
    [InlineData(false, "refused 1 time from 10.0.0.0/24, last success 2027-01-31")]
    public void Of_those_with_the_best_TLS_nothing_is_kept_and_nothing_said(bool isImplicit, string words)
    {
        var record = Record("10.0.0.1", isImplicit: isImplicit);
        record.Secured(TelemetryRig.Tls13(), TimeSpan.Zero);
        _history.Succeeded(record, Now);
        Assert.Equal(words, _history.Refused(record));
    }

    [Fact]
    public void No_more_of_a_program_is_kept_than_there_is_room_for()
    {
        var record = Record("10.0.0.1");
        record.Facts.Program = new('x', 200);
        Assert.EndsWith($"program {new string('x', 64)}, no success known", _history.Refused(record), StringComparison.Ordinal);
    }

    private static ConnectionRecord Record(string client, string ja4 = "", bool isImplicit = true)
    {
        var facts = new SessionFacts
        {
            Id = "x",
            HostName = "x",
            Client = new(System.Net.IPAddress.Parse(client), 1),
            Local = new(0, 0),
            Tls = ja4.Length > 0 ? new(TlsVersion.Tls12, "TLS_RSA_WITH_AES_128_CBC_SHA", null, null) { Ja4 = ja4 } : null,
        };
        return new(facts, "imaps", "imap", NullConnectionEvents.Instance) { HasImplicitTls = isImplicit };
    }
}

using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Backends;
using TlsFront.Configuration;
using TlsFront.ProxyProtocol;
using TlsFront.Tests.Functional;

namespace TlsFront.Tests.Backends;

/// <summary>Which destinations are avoided for the sake of other protocols.</summary>
public sealed class BackendGroupsTests : IDisposable
{
    private readonly BackendPools _pools = new(new FakeTimeProvider(), new FakeLogger<BackendPools>());
    private readonly FakeLogger<BackendGroups> _logger = new();
    private readonly SettingsStore _settings = new(TestGateway.Settings("/nowhere") with
    {
        Backends =
        [
            Backend("imap", "mail1.internal:143", "mail2.internal:143"),
            Backend("pop3", "MAIL1.internal:110", "mail1.internal:1110", "mail3.internal:110"),
            Backend("sieve", "mail1.internal:4190") with { Stickiness = Stickiness.None },
            Backend("other", "mail1.internal:1143") with { Group = "other" },
            Backend("alone", "mail1.internal:2143") with { Group = null },
        ],
    });
    private readonly BackendGroups _groups;

    public BackendGroupsTests() => _groups = new(_settings, _pools, _logger);

    public void Dispose() => _groups.Dispose();

    [Theory]
    [InlineData("imap", "mail1.internal:143", "pop3/MAIL1.internal:110 pop3/mail1.internal:1110")]
    [InlineData("imap", "mail2.internal:143", "")]
    [InlineData("pop3", "mail1.internal:1110", "")]
    [InlineData("sieve", "mail1.internal:4190", "")]
    [InlineData("other", "mail1.internal:1143", "")]
    [InlineData("alone", "mail1.internal:2143", "")]
    public void A_host_that_one_sticky_backend_lost_is_avoided_by_the_others_of_its_group(string backend, string gone, string avoided)
    {
        var destination = _pools.Of(backend).Get(gone);
        destination.IsAvailable = false;
        _groups.Refresh();
        Assert.Equal(avoided, Avoided());
        destination.IsAvailable = true;
        _groups.Refresh();
        Assert.Equal("", Avoided());
    }

    [Fact]
    public void A_host_is_lost_with_its_last_destination()
    {
        var pool = _pools.Of("pop3");
        pool.Get("mail1.internal:1110").IsAvailable = false;
        pool.SetDrained(pool.Get("MAIL1.internal:110"), isDrained: true);
        _groups.Refresh();
        Assert.Equal("imap/mail1.internal:143", Avoided());
    }

    [Fact]
    public void Who_leaves_the_group_avoids_nothing_and_both_are_in_the_log()
    {
        _pools.Of("imap").SetDrained(_pools.Of("imap").Get("mail1.internal:143"), isDrained: true);
        _groups.Refresh();
        var now = _settings.Current;
        _settings.Replace(now with { Backends = [.. now.Backends.Select(static backend => backend with { Group = null })] });
        Assert.Equal("", Avoided());
        Assert.Equal(
            ["DestinationAvoided", "DestinationAvoided", "DestinationNotAvoided", "DestinationNotAvoided"],
            _logger.Collector.GetSnapshot().Select(static record => record.Id.Name!));
    }

    private static BackendSettings Backend(string name, params string[] destinations) => new()
    {
        Name = name,
        Kind = BackendKind.Dovecot,
        Destinations = destinations,
        ProxyProtocol = ProxyHeaderVersion.None,
        Stickiness = Stickiness.User,
        Group = "mail",
    };

    private string Avoided() => string.Join(
        ' ',
        from backend in _settings.Current.Backends
        from address in backend.Destinations
        where _pools.Of(backend.Name).Get(address).IsAvoided
        select $"{backend.Name}/{address}");
}

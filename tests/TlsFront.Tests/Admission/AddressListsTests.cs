using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using TlsFront.Admission;
using TlsFront.Configuration;
using TlsFront.Tests.Functional;

namespace TlsFront.Tests.Admission;

public sealed class AddressListsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tlsfront-lists-").FullName;
    private readonly FakeLogger<AddressLists> _logger = new();
    private readonly SettingsStore _settings = new(TestGateway.Settings("/nowhere"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(null, null, "192.0.2.1", true)]
    [InlineData(null, "192.0.2.0/24", "192.0.2.1", false)]
    [InlineData(null, "192.0.2.0/24", "198.51.100.1", true)]
    [InlineData("192.0.2.0/24", null, "192.0.2.1", true)]
    [InlineData("192.0.2.0/24", null, "198.51.100.1", false)]
    [InlineData("192.0.2.1/32", "192.0.2.0/24", "192.0.2.1", false)]
    [InlineData("192.0.2.0/24", "192.0.2.1/32", "192.0.2.1", false)]
    [InlineData("0.0.0.0/0", null, "2001:db8::1", false)]
    public void Deny_wins_and_allow_is_everybody_or_a_list(string? allow, string? deny, string client, bool isAdmitted)
    {
        Set(new(allow is null ? null : List(allow), deny is null ? AddressListSettings.Nobody : List(deny)));
        using var lists = new AddressLists(_settings, _logger);
        Assert.Equal(isAdmitted, lists.Admit("imaps", IPAddress.Parse(client)));
        Assert.True(lists.Admit("pop3s", IPAddress.Parse(client)));
    }

    [Fact]
    public void A_file_is_read_again_when_it_changed_and_came_to_rest()
    {
        var path = Write("192.0.2.1\n");
        Set(new(null, new(NetworkSet.Empty, [path])));
        using var lists = new AddressLists(_settings, _logger);
        Assert.False(Admits(lists, "192.0.2.1"));

        Write("192.0.2.22\n");
        lists.Refresh();
        Assert.False(Admits(lists, "192.0.2.1"));
        lists.Refresh();
        Assert.True(Admits(lists, "192.0.2.1"));
        Assert.False(Admits(lists, "192.0.2.22"));
    }

    [Fact]
    public void A_broken_or_missing_file_keeps_its_last_good_list_and_every_bad_line_is_named_once()
    {
        var path = Write("192.0.2.1\n");
        Set(new(null, new(NetworkSet.Empty, [path])));
        using var lists = new AddressLists(_settings, _logger);
        Write("192.0.2.2\nnonsense\n10.0.0.1/8\n");
        Refresh(lists, 5);
        Assert.False(Admits(lists, "192.0.2.1"));
        Assert.True(Admits(lists, "192.0.2.2"));
        var errors = _logger.Collector.GetSnapshot().Where(record => record.Level == LogLevel.Error).Select(record => record.Message).ToList();
        Assert.Equal(3, errors.Count);
        Assert.StartsWith($"{path}:2: error: \"nonsense\"", errors[0], StringComparison.Ordinal);
        Assert.StartsWith($"{path}:3: error: \"10.0.0.1/8\"", errors[1], StringComparison.Ordinal);

        File.Delete(path);
        Refresh(lists, 5);
        Assert.False(Admits(lists, "192.0.2.1"));
        Write("192.0.2.3");
        Refresh(lists, 5);
        Assert.True(Admits(lists, "192.0.2.1"));
        Assert.False(Admits(lists, "192.0.2.3"));
    }

    [Fact]
    public void A_reload_keeps_files_that_stay_with_their_last_good_list()
    {
        var path = Write("192.0.2.1\n");
        Set(new(null, new(NetworkSet.Empty, [path])));
        using var lists = new AddressLists(_settings, _logger);
        Write("nonsense\n");
        Set(new(null, new(NetworkSet.Of([IPNetwork.Parse("192.0.2.7/32")]), [path])));
        Assert.False(Admits(lists, "192.0.2.1"));
        Assert.False(Admits(lists, "192.0.2.7"));
        Set(AdmissionSettings.Everybody);
        Assert.True(Admits(lists, "192.0.2.1"));
    }

    [Fact]
    public void A_look_while_a_reload_is_being_prepared_goes_by_the_previous_settings()
    {
        var path = Write("192.0.2.1\n");
        Set(new(null, new(NetworkSet.Empty, [path])));
        using var lists = new AddressLists(_settings, _logger);
        var added = Path.Combine(_folder, "added");
        File.WriteAllText(added, "192.0.2.9\n");
        Write("192.0.2.22\n");
        var prepared = _settings.Prepare(With(new(null, new(NetworkSet.Empty, [path, added]))));
        Refresh(lists, 2);
        Assert.True(Admits(lists, "192.0.2.9"));
        Assert.False(Admits(lists, "192.0.2.22"));
        Assert.Empty(prepared.Commit());
        Assert.False(Admits(lists, "192.0.2.9"));
        Assert.False(Admits(lists, "192.0.2.22"));
    }

    [Fact]
    public void A_file_that_turns_empty_may_be_one_whose_download_has_just_begun()
    {
        var path = Write("192.0.2.1\n");
        Set(new(null, new(NetworkSet.Empty, [path])));
        using var lists = new AddressLists(_settings, _logger);
        Write("");
        Refresh(lists, 29);
        Assert.False(Admits(lists, "192.0.2.1"));
        Write("192.0.2.22\n");
        Refresh(lists, 2);
        Assert.False(Admits(lists, "192.0.2.22"));
        Write("");
        Refresh(lists, 30);
        Assert.True(Admits(lists, "192.0.2.22"));
    }

    [Fact]
    public void An_allow_list_that_was_never_read_admits_nobody()
    {
        Set(new(new(NetworkSet.Empty, [Path.Combine(_folder, "nowhere")]), AddressListSettings.Nobody));
        using var lists = new AddressLists(_settings, _logger);
        Assert.False(Admits(lists, "192.0.2.1"));
    }

    private static AddressListSettings List(string network) => new(NetworkSet.Of([IPNetwork.Parse(network)]), []);

    private static bool Admits(AddressLists lists, string client) => lists.Admit("imaps", IPAddress.Parse(client));

    private static void Refresh(AddressLists lists, int times)
    {
        for (var i = 0; i < times; i++)
        {
            lists.Refresh();
        }
    }

    private string Write(string text)
    {
        var path = Path.Combine(_folder, "networks.txt");
        File.WriteAllText(path, text);
        return path;
    }

    private void Set(AdmissionSettings admission) => _settings.Replace(With(admission));

    private GatewaySettings With(AdmissionSettings admission) => _settings.Current with
    {
        Listeners =
        [
            .. _settings.Current.Listeners.Select(listener => listener.Name == "imaps" ? listener with { Admission = admission } : listener)
        ],
    };
}

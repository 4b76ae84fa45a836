using System.Net;
using System.Reflection;
using TlsFront.Configuration.Schema;

namespace TlsFront.Tests.Configuration.Schema;

public sealed class SettingTypeTests
{
    private static readonly DurationType Duration = new(TimeSpan.Zero, TimeSpan.FromHours(24));

    /// <summary>Where no file may be read, what a value names is told by this alone.</summary>
    [Fact]
    public void Every_type_of_a_policys_settings_that_resolves_a_value_tells_its_file()
    {
        var types = typeof(PolicySchema).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(static field => field.FieldType.GetProperty("Type")?.GetValue(field.GetValue(null))?.GetType()).OfType<Type>().ToList();
        Assert.True(types.Count > 15);
        Assert.All(types, static type => Assert.Equal(Overrides(type, "Resolve"), Overrides(type, "FileOf")));
        var optional = new OptionalType<UserSource>(new UserSourceType());
        Assert.True(optional.TryParse("./moved.users", out var source, out _));
        Assert.Equal("/etc/moved.users", optional.FileOf(optional.Resolve(source, "/etc")));
        Assert.Null(optional.FileOf(null));

        static bool Overrides(Type type, string name) => type.GetMethod(name)!.DeclaringType is not { IsGenericType: true } declaring
            || declaring.GetGenericTypeDefinition() != typeof(SettingType<>);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("0s", 0)]
    [InlineData("500ms", 500)]
    [InlineData("15s", 15_000)]
    [InlineData("2m", 120_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("1m30s500ms", 90_500)]
    [InlineData("24h", 86_400_000)]
    public void Durations_are_numbers_with_units(string text, int milliseconds)
    {
        Assert.True(Duration.TryParse(text, out var value, out _));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), value);
        Assert.True(Duration.TryParse(Duration.Format(value), out var again, out _));
        Assert.Equal(value, again);
    }

    [Theory]
    [InlineData("15", "has no unit")]
    [InlineData("1.5", "has no unit")]
    [InlineData("s", "is not a duration")]
    [InlineData("15x", "is not a duration")]
    [InlineData("-1s", "is not a duration")]
    [InlineData("1s2m", "is not a duration")]
    [InlineData("1s1s", "is not a duration")]
    [InlineData("1m30", "is not a duration")]
    [InlineData("1 s", "is not a duration")]
    [InlineData("1.5h", "is not a duration")]
    [InlineData("15S", "is not a duration")]
    [InlineData("٣s", "is not a duration")]
    [InlineData("25h", "is out of range")]
    [InlineData("999999999h", "is not a duration")]
    [InlineData("99999999999999999999h", "is not a duration")]
    public void Anything_else_is_no_duration(string text, string message) => Refuses(Duration, text, message);

    [Theory]
    [InlineData("1", "is out of range")]
    [InlineData("1001", "is out of range")]
    [InlineData("99999999999999999999", "is out of range")]
    [InlineData("-5", "is out of range")]
    [InlineData("-", "is not a whole number")]
    [InlineData("1.5", "is not a whole number")]
    [InlineData("5k", "is not a whole number")]
    [InlineData("+5", "is not a whole number")]
    [InlineData("0x10", "is not a whole number")]
    [InlineData("٣", "is not a whole number")]
    [InlineData("four", "is not a whole number")]
    public void Anything_but_digits_in_range_is_no_count(string text, string message) => Refuses(new CountType(2, 1000), text, message);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1", 1)]
    [InlineData("0.01", 0.01)]
    [InlineData(".5", 0.5)]
    public void Ratios_are_numbers_from_0_to_1(string text, double expected)
    {
        Assert.True(new RatioType().TryParse(text, out var value, out _));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("2")]
    [InlineData("1.0001")]
    [InlineData("-0.1")]
    [InlineData("1%")]
    [InlineData("0,1")]
    [InlineData("1e-2")]
    [InlineData("NaN")]
    [InlineData("half")]
    public void Anything_else_is_no_ratio(string text) => Refuses(new RatioType(), text, "is not a number from 0 to 1");

    [Theory]
    [InlineData("2", 2)]
    [InlineData("1000", 1000)]
    [InlineData("007", 7)]
    public void Counts_are_whole_numbers(string text, int expected)
    {
        Assert.True(new CountType(2, 1000).TryParse(text, out var value, out _));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("512B", 512, "512B")]
    [InlineData("16KB", 16 * 1024, "16KB")]
    [InlineData("64kb", 64 * 1024, "64KB")]
    [InlineData("1024KB", 1024 * 1024, "1MB")]
    [InlineData("1MB", 1024 * 1024, "1MB")]
    [InlineData("1536B", 1536, "1536B")]
    public void Sizes_are_numbers_with_units(string text, int expected, string formatted)
    {
        var type = new SizeType(512, 1024 * 1024);
        Assert.True(type.TryParse(text, out var value, out _));
        Assert.Equal((expected, formatted), (value, type.Format(value)));
    }

    [Theory]
    [InlineData("65536", "has no unit")]
    [InlineData("KB", "is not a size")]
    [InlineData("64 KB", "is not a size")]
    [InlineData("64K", "is not a size")]
    [InlineData("64KiB", "is not a size")]
    [InlineData("-1KB", "is not a size")]
    [InlineData("1.5MB", "is not a size")]
    [InlineData("٣KB", "is not a size")]
    [InlineData("511B", "is out of range")]
    [InlineData("0MB", "is out of range")]
    [InlineData("2MB", "is out of range")]
    [InlineData("4194305KB", "is out of range")]
    [InlineData("99999999999999999999MB", "is out of range")]
    public void Anything_else_is_no_size(string text, string message) => Refuses(new SizeType(512, 1024 * 1024), text, message);

    [Theory]
    [InlineData("*:465", "[::]:465")]
    [InlineData("0.0.0.0:465", "0.0.0.0:465")]
    [InlineData("127.0.0.1:465", "127.0.0.1:465")]
    [InlineData("[::1]:993", "[::1]:993")]
    [InlineData("[FD00::0:5]:1", "[fd00::5]:1")]
    [InlineData("10.0.0.1:65535", "10.0.0.1:65535")]
    public void Listen_addresses_are_an_IP_address_or_a_star_and_a_port(string text, string expected)
    {
        Assert.True(new ListenAddressType().TryParse(text, out var value, out _));
        Assert.Equal(IPEndPoint.Parse(expected), value);
    }

    [Theory]
    [InlineData("465", "has no address")]
    [InlineData("*", "has no port")]
    [InlineData("127.0.0.1", "has no port")]
    [InlineData("::1", "has no port")]
    [InlineData("::1:993", "has no port")]
    [InlineData("[::1]", "has no port")]
    [InlineData("*:", "has no port from 1 to 65535")]
    [InlineData("*:0", "has no port from 1 to 65535")]
    [InlineData("*:65536", "has no port from 1 to 65535")]
    [InlineData("*:+1", "has no port from 1 to 65535")]
    [InlineData("*:99999999999999", "has no port from 1 to 65535")]
    [InlineData("localhost:465", "is not an IP address")]
    [InlineData("127.1:465", "is not an IP address")]
    [InlineData("1:465", "is not an IP address")]
    [InlineData("[127.0.0.1]:465", "is not an IP address")]
    [InlineData(":465", "is not an IP address")]
    [InlineData("[]:465", "is not an IP address")]
    public void Anything_else_is_no_listen_address(string text, string message) => Refuses(new ListenAddressType(), text, message);

    [Theory]
    [InlineData("10.0.0.5:10465")]
    [InlineData("[fd00::5]:143")]
    [InlineData("imap:143")]
    [InlineData("imap.internal:143")]
    [InlineData("mail_store-1.internal:143")]
    [InlineData("xn--bcher-kva.example:143")]
    public void Destinations_are_a_host_and_a_port(string text)
    {
        Assert.True(new DestinationType().TryParse(text, out var value, out _));
        Assert.Equal(text, value);
    }

    [Theory]
    [InlineData("10.0.0.5", "has no port")]
    [InlineData("imap.internal", "has no port")]
    [InlineData("fd00::5", "has no port, or an IPv6 address without brackets")]
    [InlineData("fd00::5:143", "has no port, or an IPv6 address without brackets")]
    [InlineData("imap.internal:imap", "has no port from 1 to 65535")]
    [InlineData("smtp://imap.internal:25", "is a URL")]
    [InlineData("[10.0.0.5]:143", "has no IPv6 address between its brackets")]
    [InlineData("*:143", "names no server")]
    [InlineData("10.0.0.256:143", "looks like an IPv4 address but is none")]
    [InlineData("10.0.5:143", "looks like an IPv4 address but is none")]
    [InlineData("imap..internal:143", "has an empty part between its dots")]
    [InlineData("-imap:143", "has a part that begins or ends with a hyphen")]
    [InlineData("im ap:143", "holds characters that no host name has")]
    [InlineData("bücher.example:143", "holds characters that no host name has")]
    public void Anything_else_is_no_destination(string text, string message) => Refuses(new DestinationType(), text, message);

    [Theory]
    [InlineData("mail", "is not fully qualified")]
    [InlineData("127.0.0.1", "is an IP address")]
    [InlineData("::1", "is an IP address")]
    [InlineData("mail.example.com.", "has an empty part between its dots")]
    [InlineData("mail_1.example.com", "holds characters that no host name has")]
    [InlineData("mail.example.com:465", "holds characters that no host name has")]
    public void A_host_name_is_a_fully_qualified_domain_name(string text, string message) => Refuses(new DomainNameType(), text, message);

    [Fact]
    public void Host_names_have_the_lengths_of_the_DNS()
    {
        var label = new string('a', 63);
        var longest = $"{label}.{label}.{label}.{new string('a', 61)}";
        Assert.True(new DomainNameType().TryParse(longest, out _, out _));
        Refuses(new DomainNameType(), longest + "a", "is longer than 253 characters");
        Refuses(new DomainNameType(), $"{label}a.example", "has a part longer than 63 characters");
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("a\"b")]
    [InlineData("größe")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void Names_are_fit_for_logs_and_metrics(string text) => Refuses(new NameType(), text, "is not fit for a name");

    [Theory]
    [InlineData("collector:4317")]
    [InlineData("ftp://collector")]
    [InlineData("/path")]
    [InlineData("http://")]
    public void An_endpoint_is_an_http_URL(string text) =>
        Refuses(new EndpointUriType("http://collector.internal:4317"), text, "is not an http or https URL");

    [Theory]
    [InlineData("DEFAULT", 1, "")]
    [InlineData("rejct", 0, "did you mean reject? write default or reject")]
    [InlineData("zzz", 0, "write default or reject")]
    public void Choices_list_what_may_be_written(string text, int expected, string remedy)
    {
        var type = new ChoiceType<int>(("default", 1), ("reject", 2));
        Assert.Equal(expected > 0, type.TryParse(text, out var value, out var problem));
        Assert.Equal((expected, remedy), (value, problem?.Remedy ?? ""));
    }

    [Theory]
    [InlineData("no", "did you mean off? write on or off")]
    [InlineData("No", "did you mean off? write on or off")]
    [InlineData("n", "did you mean off? write on or off")]
    [InlineData("0", "did you mean off? write on or off")]
    [InlineData("yes", "did you mean on? write on or off")]
    [InlineData("Y", "did you mean on? write on or off")]
    [InlineData("1", "did you mean on? write on or off")]
    [InlineData("of", "did you mean off? write on or off")]
    [InlineData("of course", "write on or off")]
    public void A_boolean_in_other_words_is_understood(string text, string remedy)
    {
        Assert.False(new ChoiceType<bool>(("on", true), ("off", false)).TryParse(text, out _, out var problem));
        Assert.Equal(remedy, problem.Remedy);
    }

    [Theory]
    [InlineData("on", true)]
    [InlineData("True", true)]
    [InlineData("off", false)]
    [InlineData("FALSE", false)]
    public void A_boolean_is_taken_as_YAML_writes_it(string text, bool expected)
    {
        Assert.True(new ChoiceType<bool>(("on", true), ("off", false)).TryParse(text, out var value, out _));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("no", "did you mean none? write none or implicit")]
    [InlineData("false", "did you mean none? write none or implicit")]
    [InlineData("yes", "write none or implicit")]
    public void A_boolean_where_none_is_meant_is_understood(string text, string remedy)
    {
        Assert.False(new ChoiceType<int>(("none", 1), ("implicit", 2)).TryParse(text, out _, out var problem));
        Assert.Equal(remedy, problem.Remedy);
    }

    [Theory]
    [InlineData("hostnmae", "hostname")]
    [InlineData("HostNam", "hostname")]
    [InlineData("host", "hostname")]
    [InlineData("timeout", "timeouts")]
    [InlineData("banana", null)]
    [InlineData("", null)]
    [InlineData("ho", null)]
    public void Slips_of_the_fingers_are_recognised(string written, string? meant) =>
        Assert.Equal(meant, Nearest.Find(written, ["hostname", "timeouts", "log", "tls"]));

    private static void Refuses<T>(SettingType<T> type, string text, string message)
    {
        Assert.False(type.TryParse(text, out _, out var problem));
        Assert.Equal(message, problem.Message);
    }
}

using TlsFront.Configuration;

namespace TlsFront.Tests.Configuration;

public sealed class SettingOverrideTests
{
    [Fact]
    public void The_command_line_overrides_the_environment_and_that_the_file()
    {
        using var folder = new SettingsFolder(SettingsFolder.Good + "\ndrain: { delay: 1s, timeout: 1m }\nlog: { level: error }");
        var (settings, problems) = folder.Loader(
            SettingOverride.FromEnvironment(
                Variables(("TLSFRONT__DRAIN__DELAY", "2s"), ("TLSFRONT__DRAIN__TIMEOUT", "2m"), ("TLSFRONT__LISTENERS__0__NAME", "first"))),
            [SettingOverride.FromArgument("drain.delay=3s")!, SettingOverride.FromArgument("listeners:1:address=127.0.0.1:994")!]).Load();

        Assert.Empty(problems);
        Assert.Equal(new DrainSettings(TimeSpan.FromSeconds(3), TimeSpan.FromMinutes(2)), settings!.Drain);
        Assert.Equal(("first", 994), (settings.Listeners[0].Name, settings.Listeners[1].Address.Port));
    }

    [Fact]
    public void A_wrong_value_names_the_variable_or_the_argument_it_came_from()
    {
        using var folder = new SettingsFolder();
        var problems = folder.Loader(
            SettingOverride.FromEnvironment(
                Variables(("TLSFRONT__DRAIN__DELAY", "soon"), ("TLSFRONT__DRIAN__DELAY", "1s"), ("TLSFRONT__HOSTNAME", ""))),
            [SettingOverride.FromArgument("listeners.0.address=465")!]).Load().Problems;

        Assert.Equal(
            [
                "--set listeners.0.address listeners.0.address", "environment variable TLSFRONT__DRAIN__DELAY DRAIN.DELAY",
                "environment variable TLSFRONT__DRIAN__DELAY DRIAN", "environment variable TLSFRONT__HOSTNAME hostname"
            ],
            problems.Select(problem => $"{problem.Origin} {problem.Setting}").Order(StringComparer.Ordinal), StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public void What_Kubernetes_injects_for_a_service_named_tlsfront_is_not_a_setting() =>
        Assert.Empty(SettingOverride.FromEnvironment(Variables(
            ("TLSFRONT_PORT", "tcp://10.0.0.1:465"), ("TLSFRONT_SERVICE_HOST", "10.0.0.1"), ("TLSFRONT_PORT_465_TCP", "tcp://10.0.0.1:465"),
            ("TLSFRONT_CONFIG", "/etc/x"))));

    [Theory]
    [InlineData("drain.delay=3s", "drain:delay", "3s")]
    [InlineData("drain:delay=3s", "drain:delay", "3s")]
    [InlineData("listeners.0.address=[::1]:993", "listeners:0:address", "[::1]:993")]
    [InlineData("hostname=", "hostname", "")]
    [InlineData("telemetry.otlpEndpoint=http://a/?b=c", "telemetry:otlpEndpoint", "http://a/?b=c")]
    public void Arguments_are_split_at_the_first_equals_sign(string argument, string key, string value)
    {
        var parsed = SettingOverride.FromArgument(argument);
        Assert.Equal((key, value), (parsed?.Key, parsed?.Value));
    }

    [Theory]
    [InlineData("")]
    [InlineData("hostname")]
    [InlineData("=value")]
    [InlineData(" =value")]
    public void Arguments_without_a_key_or_a_value_are_none(string argument) => Assert.Null(SettingOverride.FromArgument(argument));

    private static IEnumerable<KeyValuePair<string, string>> Variables(params (string Name, string Value)[] variables) =>
        variables.Select(variable => KeyValuePair.Create(variable.Name, variable.Value));
}

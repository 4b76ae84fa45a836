using TlsFront.Tests.Tls;

namespace TlsFront.Tests.Configuration;

/// <summary>Lookups that cannot work, lead to nothing, or give passwords away.</summary>
public sealed class LookupSettingsTests
{
    [Theory]
    [InlineData("url: http://lookup.internal/auth")]
    [InlineData("url: http://127.0.0.1:8080/auth, sendPassword: on")]
    [InlineData("url: \"http://[::1]/auth\", sendPassword: on")]
    [InlineData("url: https://lookup.internal/auth, sendPassword: on, ca: ca.pem, timeout: 1s, onFailure: default, backends: [c]")]
    [InlineData("url: http://127.0.0.1/, cache: { hits: 0, misses: 1m, entries: 5 }")]
    [InlineData(
        "url: http://lookup.internal/auth, sendPassword: on",
        "Error listeners.0.lookup.sendPassword: SENDS PASSWORDS IN CLEAR: the service is on another machine and asked over http")]
    [InlineData(
        "url: http://192.0.2.1/auth, ca: ca.pem",
        "Warning listeners.0.lookup.ca: has no effect: the service is asked over http")]
    [InlineData(
        "url: https://lookup.internal/auth, ca: missing.pem",
        "Error listeners.0.lookup.ca: FOLDER/missing.pem cannot be read: Could not find file 'FOLDER/missing.pem'.")]
    [InlineData("url: http://127.0.0.1/, headersFile: good.headers")]
    [InlineData("url: https://lookup.internal/auth, headersFile: good.headers")]
    [InlineData(
        "url: http://192.0.2.1/auth, headersFile: good.headers",
        "Warning listeners.0.lookup.headersFile: goes in clear: the service is on another machine and asked over http")]
    [InlineData(
        "url: http://127.0.0.1/, headersFile: missing.headers",
        "Error listeners.0.lookup.headersFile: FOLDER/missing.headers cannot be read: Could not find file 'FOLDER/missing.headers'.")]
    [InlineData(
        "url: http://127.0.0.1/, headersFile: bad.headers",
        "Error listeners.0.lookup.headersFile: FOLDER/bad.headers:2 sets auth-user, which the gateway sends itself, or which is HTTP's own")]
    [InlineData(
        "url: https://me:secret@lookup.internal/auth",
        "Error listeners.0.lookup.url: holds a user name, which is not sent")]
    [InlineData(
        "url: https://lookup.internal/auth, sendPassword: on, cache: { hits: 1m }",
        "Warning listeners.0.lookup.cache.hits: has no effect: answers that depend on a password are not remembered")]
    [InlineData("url: lookup.internal", "Error listeners.0.lookup.url: is not an http or https URL")]
    [InlineData("timeout: 1s", "Error listeners.0.lookup.timeout: has no meaning without url")]
    [InlineData("sendPassword: on", "Error listeners.0.lookup.sendPassword: has no meaning without url")]
    [InlineData("url: http://127.0.0.1/, backends: [c, d]", "Error listeners.0.lookup.backends.1: is not the name of a backend")]
    [InlineData(
        "url: http://127.0.0.1/, backends: [p]",
        "Error listeners.0.lookup.backends.0: serves another listener's smtp; the same port cannot speak imap too")]
    public void What_is_wrong_with_one_is_told_in_its_line(string lookup, params string[] expected) =>
        Assert.Equal(expected, Problems($"imap, backend: b, lookup: {{ {lookup} }}", lookup.Contains("[c", StringComparison.Ordinal)));

    [Fact]
    public void Not_for_tcp() =>
        Assert.Equal(
            ["Error listeners.0.lookup.url: does not apply to protocol tcp, which is relayed unread"],
            Problems("tcp, backend: b, lookup: { url: http://127.0.0.1/ }"));

    [Fact]
    public void Where_a_route_names_everybody_nobody_is_asked() =>
        Assert.Equal(
            ["Warning listeners.0.lookup.url: has no effect: routes[].users names everybody, and the service is asked about users whom nobody names"],
            Problems("imap, backend: b, lookup: { url: http://127.0.0.1/ }, routes: [ { users: [\"*\"], backend: c } ]", needsOther: true));

    [Fact]
    public void A_backend_that_only_a_lookup_may_choose_has_its_use()
    {
        using var folder = Folder("imap, backend: b, lookup: { url: http://127.0.0.1/, backends: [c] }", needsOther: true);
        var settings = folder.Load().Settings!;

        Assert.Equal(["b", "c"], settings.Listeners[0].AllBackends);
        Assert.True(settings.HoldsLogins(settings.Listeners[0]));
        Assert.True(settings.HoldsLoginsFor(settings.Backends[2]));
    }

    private static IEnumerable<string> Problems(string listener, bool needsOther = false)
    {
        using var folder = Folder(listener, needsOther);
        return
        [
            .. folder.Load().Problems.Select(problem =>
                $"{problem.Severity} {problem.Setting}: {problem.Message}".Replace(folder.Folder, "FOLDER", StringComparison.Ordinal))
        ];
    }

    private static SettingsFolder Folder(string listener, bool needsOther)
    {
        var folder = new SettingsFolder($$"""
            hostname: mail.example.com
            certificates: [ { path: certificate.pem } ]
            listeners:
              - { name: l, address: "*:1993", protocol: {{listener}} }
              - { name: s, address: "*:1465", protocol: smtp, backend: p }
            backends:
              - { name: b, proxyProtocol: v2, destinations: ["b:1"] }
              - { name: p, proxyProtocol: v2, destinations: ["p:1"] }
            {{(needsOther ? "  - { name: c, proxyProtocol: v2, destinations: [\"c:1\"] }" : "")}}
            """);
        File.WriteAllText(folder.At("good.headers"), "X-Auth-Key: secret\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder.At("good.headers"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        File.WriteAllText(folder.At("bad.headers"), "X-Auth-Key: secret\nauth-user: secret\n");
        File.WriteAllText(folder.At("ca.pem"), TestAuthority.Shared.Root.ExportCertificatePem());
        return folder;
    }
}

using TlsFront.Cli;

namespace TlsFront.Tests.Cli;

public sealed class ProbeTargetTests
{
    [Theory]
    [InlineData("imaps://mail.example.com", "imaps://mail.example.com:993")]
    [InlineData("submissions://mail.example.com/", "submissions://mail.example.com:465")]
    [InlineData("pop3s://192.0.2.1:10995", "pop3s://192.0.2.1:10995")]
    [InlineData("tls://[2001:db8::1]:4190", "tls://[2001:db8::1]:4190")]
    [InlineData("IMAPS://MAIL.example.com", "imaps://mail.example.com:993")]
    [InlineData("smtp://mail.example.com", "smtp://mail.example.com:587")]
    [InlineData("smtp://mail.example.com:25", "smtp://mail.example.com:25")]
    [InlineData("imap://mail.example.com", "imap://mail.example.com:143")]
    [InlineData("pop3://mail.example.com:1110", "pop3://mail.example.com:1110")]
    [InlineData("sieves://mail.example.com", "sieves://mail.example.com:4190")]
    [InlineData("sieve://mail.example.com", "sieve://mail.example.com:4190")]
    public void Services_have_the_ports_of_RFC_8314(string text, string expected) => Assert.Equal(expected, ProbeTarget.Parse(text)?.ToString());

    [Theory]
    [InlineData("mail.example.com")]
    [InlineData("mail.example.com:993")]
    [InlineData("tcp://mail.example.com")]
    [InlineData("https://mail.example.com")]
    [InlineData("tls://mail.example.com")]
    [InlineData("imaps://user@mail.example.com")]
    [InlineData("imaps://mail.example.com/INBOX")]
    [InlineData("imaps://")]
    [InlineData("")]
    public void Anything_else_is_none(string text) => Assert.Null(ProbeTarget.Parse(text));
}

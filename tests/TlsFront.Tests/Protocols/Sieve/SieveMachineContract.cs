using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Protocols.Sieve;

namespace TlsFront.Tests.Protocols.Sieve;

public class SieveMachineContract : MachineContract
{
    private protected override MailMachine Create(ISessionObserver observer) => new SieveMachine(observer);

    private protected override IEnumerable<Transcript> Transcripts =>
    [
        new Transcript("a login with everything around it")
            .Backend(SieveSession.Capabilities + "OK \"ready\"\r\n")
            .Client("CAPABILITY\r\nNOOP {3+}\r\ntag\r\nPUTSCRIPT \"a\" {10+}\r\nSTARTTLS\r\n\r\nSTARTTLS\r\n"
                + "AUTHENTICATE \"PLAIN\" {8+}\r\nAGEAYg==\r\n")
            .Backend(SieveSession.Capabilities + "OK\r\n")
            .Backend("OK (TAG {3}\r\ntag) \"Done\"\r\n")
            .Backend("NO \"no\"\r\n")
            .Client("AUTHENTICATE \"LOGIN\"\nNOOP\r\n")
            .Backend("{12}\r\nVXNlcm5hbWU6\r\n")
            .Backend("OK \"in\"\r\n"),
        new Transcript("a dialogue, then another way in")
            .Backend("\"SASL\" {5}\r\nPLAIN\r\n\"X\" {4}\r\nOK\r\n\r\nOK\r\n")
            .Client("AUTHENTICATE \"LOGIN\"\r\n")
            .Backend("\"VXNlcm5hbWU6\"\r\n")
            .Client("\"YWxpY2U=\"\r\n")
            .Backend("\"UGFzc3dvcmQ6\"\r\n")
            .Client("\"*\"\r\n")
            .Backend("NO \"cancelled\"\r\n")
            .Client("AUTHENTICATE \"PLAIN\" \"AGFsaWNlAHNlY3JldA==\"\r\nLISTSCRIPTS\r\n")
            .Backend("OK (SASL \"dj1x\") {2}\r\nin\r\n"),
        new Transcript("a second backend, and a client that misbehaves", backends: 2)
            .Backend("\"SASL\" \"PLAIN\"\r\nBYE (REFERRAL \"sieve://b\") \"full\"\r\n")
            .Backend("OK\r\n")
            .Client("NO\rOP\r\nNOOP\n\r\nNOOP \"{3+}\"\r\nGET / HTTP/1.1\r\n")
            .Backend("OK\r\n")
            .Backend("BYE (REFERRAL \"sieve://b\") \"elsewhere\"\r\n"),
        new Transcript("a goodbye").Backend("OK\r\n").Client("LOGOUT\r\nNOOP\r\n").Backend("OK \"bye\"\r\n"),
    ];
}

namespace TlsFront.Tests.Transport.Native.Records;

/// <summary>What is told of alerts is what is tested.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class AlertTableTests
{
    [Fact, Trait("Writes", "Documents")]
    public void The_alerts_in_the_document_are_those_of_the_tests() =>
        GeneratedDocument.AssertPart("src/TlsFront/Transport/Native/Records/README.md", "alerts", AlertTable.Write());
}

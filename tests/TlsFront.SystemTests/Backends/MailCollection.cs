namespace TlsFront.SystemTests.Backends;

/// <summary>Tests that share one <see cref="MailBackends"/>; they run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class MailCollection : ICollectionFixture<MailBackends>
{
    public const string Name = "mail";
}

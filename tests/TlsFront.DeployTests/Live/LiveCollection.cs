using TlsFront.SystemTests.Backends;

namespace TlsFront.DeployTests.Live;

/// <summary>Tests with real gateways in front of one Postfix and one Dovecot; they run one after the other.</summary>
[CollectionDefinition(MailCollection.Name)]
public sealed class LiveCollection : ICollectionFixture<MailBackends>;

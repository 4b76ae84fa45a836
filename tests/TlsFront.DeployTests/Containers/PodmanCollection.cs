namespace TlsFront.DeployTests.Containers;

/// <summary>Tests that share one podman.</summary>
[CollectionDefinition(Name)]
public sealed class PodmanCollection : ICollectionFixture<Podman>
{
    public const string Name = "podman";
}

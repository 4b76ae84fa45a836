namespace TlsFront.Listeners.Upgrade;

/// <summary>A listener whose sockets are handed over.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">Where it is bound.</param>
internal sealed record HandedListener(string Name, string Address);

namespace TlsFront.Inventory;

/// <summary>Why a database did not do what it was told.</summary>
/// <param name="Words">Which database, what is wrong and, where an operator can help, the remedy. Without secrets.</param>
/// <param name="IsSetup">Whether it cannot pass by itself: at the start, it is a mistake in the configuration.</param>
internal sealed record StoreFailure(string Words, bool IsSetup);

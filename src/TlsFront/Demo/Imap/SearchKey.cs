namespace TlsFront.Demo.Imap;

/// <summary>Whether a message is what a SEARCH looks for.</summary>
internal delegate bool SearchKey(uint number, StoredMessage message);

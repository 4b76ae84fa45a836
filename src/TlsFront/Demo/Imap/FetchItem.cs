namespace TlsFront.Demo.Imap;

/// <summary>One thing a FETCH asks for.</summary>
/// <param name="Attribute">What it is.</param>
/// <param name="Label">How the answer names it.</param>
/// <param name="Section">Which content; null unless <paramref name="Attribute"/> is <see cref="FetchAttribute.Content"/>.</param>
internal sealed record FetchItem(FetchAttribute Attribute, string Label, BodySection? Section = null);

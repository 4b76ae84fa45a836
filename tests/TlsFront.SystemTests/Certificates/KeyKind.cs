namespace TlsFront.SystemTests.Certificates;

/// <summary>Kinds of keys a certificate can have.</summary>
public enum KeyKind
{
    Ecdsa,
    Rsa,
}

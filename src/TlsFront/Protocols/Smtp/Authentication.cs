namespace TlsFront.Protocols.Smtp;

/// <summary>Whether an SMTP session must log in before it hands in mail.</summary>
internal enum Authentication : byte
{
    /// <summary>MAIL, RCPT, DATA, BDAT, VRFY and EXPN get 530 5.7.0 until the backend accepted a login.</summary>
    Required,

    /// <summary>The backend alone decides. Only for backends that know the real client address.</summary>
    Optional,
}

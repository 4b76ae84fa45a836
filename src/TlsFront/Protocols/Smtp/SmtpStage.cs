namespace TlsFront.Protocols.Smtp;

/// <summary>How far an SMTP session has come.</summary>
internal enum SmtpStage : byte
{
    /// <summary>No backend yet, or the next one is being tried.</summary>
    Connecting,

    /// <summary>The backend's greeting is awaited; the client has heard nothing.</summary>
    Greeting,

    /// <summary>The greeting was relayed.</summary>
    Dialogue,
}

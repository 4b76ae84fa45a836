namespace TlsFront.Configuration;

/// <summary>Form of the log lines.</summary>
internal enum LogFormat : byte
{
    Text,
    Json,
}

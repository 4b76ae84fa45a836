namespace TlsFront.Configuration;

/// <summary>What is said of files that the settings point to, whatever they hold.</summary>
internal static partial class WatchedFileLog
{
    [LoggerMessage(612, LogLevel.Information, "{What} read again from {Path}", EventName = "FileRead")]
    public static partial void Read(ILogger logger, string what, string path);

    [LoggerMessage(
        613, LogLevel.Error, "{What} not read again, keeping the previous content until the file is fixed: {Problem}", EventName = "FileKept")]
    public static partial void Kept(ILogger logger, string what, string problem);
}

namespace TlsFront.Configuration;

/// <summary>Something wrong with a file of networks.</summary>
/// <param name="Line">Its line, from 1; null where the whole file is meant.</param>
/// <param name="Text">What stands there.</param>
/// <param name="Complaint">What is wrong with it.</param>
internal sealed record NetworkFileProblem(int? Line, string? Text, Complaint Complaint);

namespace TlsFront.Configuration;

/// <summary>Keeps what the files hold that some settings point to: a file is a setting too, and takes effect when it changes.</summary>
internal interface ISettingsFiles
{
    /// <summary>Every file, as it was last read.</summary>
    IEnumerable<FileState> Files { get; }

    /// <summary>
    /// Checks every file once, and takes over what changed. A change counts when two checks find the same, because the writer may be half-way. A
    /// file that cannot be used leaves in use what it held before. Called once a second by <see cref="SettingsFileWatcher"/>, and by a reload.
    /// </summary>
    void Refresh();
}

namespace Depart.Evidence;

/// <summary>What was to be read is not what the format says, told in both languages.</summary>
internal sealed class Misread(string en, string fr, Exception? cause = null) : FormatException(en, cause)
{
    /// <summary>The reason in French; what the base library says is in English, and stays so.</summary>
    public static string InFrench(Exception error) => error is Misread misread ? misread.French : error.Message;

    private string French => fr;
}

namespace Depart.Foundation;

public sealed class SearchTextTests
{
    [Theory]
    [InlineData("« D’Angélo-Lefèvre »", "d angelo lefevre")]
    [InlineData("  Élodie\tN’DIAYE ", "elodie n diaye")]
    [InlineData("Zo\ud800e\ufffe", "zo e")]
    public void Text_is_compared_without_accents_case_and_signs_even_out_of_a_damaged_file(string text, string plain) => Assert.Equal(plain, SearchText.Of(text));
}

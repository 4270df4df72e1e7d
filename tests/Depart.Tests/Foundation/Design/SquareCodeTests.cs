using System.Security.Cryptography;
using System.Text;

namespace Depart.Foundation.Design;

public sealed class SquareCodeTests
{
    /// <summary>What is drawn for the shortest and the longest text of each version was read back by another's reader (jsQR); this is the digest of what it read.</summary>
    [Fact]
    public void What_is_drawn_is_what_a_reader_has_read_in_every_version()
    {
        var drawn = new StringBuilder();
        foreach (var length in new[] { 1, 14, 15, 26, 27, 42, 43, 62, 63, 84, 85, 106, 107, 122, 123, 152, 153, 180, 181, 213 })
        {
            var text = string.Concat(Enumerable.Range(0, length).Select(at => (char)('!' + (((at * 7) + length) % 90))));
            var code = SquareCode.Of(text);
            drawn.Append(text).Append('\n').Append(code.Size).Append('\n');
            for (var y = 0; y < code.Size; y++)
            {
                drawn.Append(string.Concat(Enumerable.Range(0, code.Size).Select(x => code.IsDark(x, y) ? '1' : '0'))).Append('\n');
            }
        }

        Assert.Equal("3108b9fbde763b91b84731fddbac50e41530870ae73755a02a914de90cd45719", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(drawn.ToString()))));
        Assert.Throws<ArgumentException>(() => SquareCode.Of(new string('a', SquareCode.MostBytes + 1)));
    }
}

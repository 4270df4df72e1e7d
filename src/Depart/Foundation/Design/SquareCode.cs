using System.Text;

namespace Depart.Foundation.Design;

/// <summary>
/// A square code that cameras read (QR, ISO/IEC 18004): text as bytes, correction level M, versions 1 to 10, which is up to 213 bytes. Ours, because the libraries at hand bring drawing
/// libraries along and no page needs more than this.
/// </summary>
internal sealed class SquareCode
{
    /// <summary>Most bytes that fit.</summary>
    public const int MostBytes = 213;

    // Per version: correction bytes of each block, then the data bytes of each block (table 9 of the standard, level M).
    private static readonly (int Correction, int[] Data)[] Blocks =
    [
        (10, [16]), (16, [28]), (26, [44]), (18, [32, 32]), (24, [43, 43]), (16, [27, 27, 27, 27]), (18, [31, 31, 31, 31]), (22, [38, 38, 39, 39]), (22, [36, 36, 36, 37, 37]), (26, [43, 43, 43, 43, 44]),
    ];

    // Where alignment squares have their centres, beside 6.
    private static readonly int[][] Centres = [[], [18], [22], [26], [30], [34], [22, 38], [24, 42], [26, 46], [28, 50]];

    private static readonly Func<int, int, bool>[] Masks =
    [
        (x, y) => (x + y) % 2 == 0, (_, y) => y % 2 == 0, (x, _) => x % 3 == 0, (x, y) => (x + y) % 3 == 0,
        (x, y) => ((y / 2) + (x / 3)) % 2 == 0, (x, y) => (x * y % 2) + (x * y % 3) == 0, (x, y) => ((x * y % 2) + (x * y % 3)) % 2 == 0, (x, y) => (((x + y) % 2) + (x * y % 3)) % 2 == 0,
    ];

    private readonly int version;
    private readonly bool[,] dark;
    private readonly bool[,] fixedSquares;

    private SquareCode(int version)
    {
        this.version = version;
        Size = 17 + (4 * version);
        (dark, fixedSquares) = (new bool[Size, Size], new bool[Size, Size]);
    }

    /// <summary>Squares on a side, without the margin of four that readers want.</summary>
    public int Size { get; }

    /// <summary>Whether a square is dark.</summary>
    public bool IsDark(int x, int y) => dark[x, y];

    /// <exception cref="ArgumentException">It is too long.</exception>
    public static SquareCode Of(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var smallest = 1 + Array.FindIndex(Blocks, blocks => blocks.Data.Sum() >= bytes.Length + 2 + (blocks == Blocks[9] ? 1 : 0));
        if (smallest == 0)
        {
            throw new ArgumentException($"At most {MostBytes} bytes.", nameof(text));
        }

        var code = new SquareCode(smallest);
        code.DrawFixed();
        code.DrawData(code.Interleaved(bytes));
        code.ChooseMask();
        return code;
    }

    /// <summary>Data and correction bytes in the order in which they are drawn.</summary>
    private byte[] Interleaved(byte[] text)
    {
        var (correction, sizes) = Blocks[version - 1];
        List<bool> bits = [];
        Add(4, 4);
        Add(text.Length, version < 10 ? 8 : 16);
        Array.ForEach(text, one => Add(one, 8));
        Add(0, Math.Min(4, (sizes.Sum() * 8) - bits.Count));
        Add(0, (8 - (bits.Count % 8)) % 8);
        for (var pad = 0xec; bits.Count < sizes.Sum() * 8; pad ^= 0xec ^ 0x11)
        {
            Add(pad, 8);
        }

        byte[] data = [.. bits.Chunk(8).Select(eight => (byte)eight.Aggregate(0, (sum, bit) => (sum << 1) | (bit ? 1 : 0)))];
        List<byte[]> blocks = [];
        foreach (var size in sizes)
        {
            blocks.Add(data[blocks.Sum(block => block.Length)..][..size]);
        }

        var corrections = blocks.ConvertAll(block => ReedSolomon.Remainder(block, correction));
        return
        [
            .. Enumerable.Range(0, sizes.Max()).SelectMany(at => blocks.Where(block => at < block.Length).Select(block => block[at])),
            .. Enumerable.Range(0, correction).SelectMany(at => corrections.Select(block => block[at])),
        ];

        void Add(int value, int length)
        {
            for (var bit = length - 1; bit >= 0; bit--)
            {
                bits.Add(((value >> bit) & 1) != 0);
            }
        }
    }

    private void Fix(int x, int y, bool isDark) => (dark[x, y], fixedSquares[x, y]) = (isDark, true);

    private void DrawFixed()
    {
        for (var at = 0; at < Size; at++)
        {
            Fix(6, at, at % 2 == 0);
            Fix(at, 6, at % 2 == 0);
        }

        foreach (var (x, y) in new[] { (3, 3), (Size - 4, 3), (3, Size - 4) })
        {
            DrawRings(x, y, 4);
        }

        int[] centres = [6, .. Centres[version - 1]];
        foreach (var x in version == 1 ? [] : centres)
        {
            foreach (var y in centres.Where(y => !(x == 6 && y == 6) && !(x == 6 && y == centres[^1]) && !(x == centres[^1] && y == 6)))
            {
                DrawRings(x, y, 2);
            }
        }

        DrawFormat(0);
        if (version >= 7)
        {
            var bits = (version << 12) | Remainder(version, 12, 0x1f25);
            for (var bit = 0; bit < 18; bit++)
            {
                Fix(Size - 11 + (bit % 3), bit / 3, ((bits >> bit) & 1) != 0);
                Fix(bit / 3, Size - 11 + (bit % 3), ((bits >> bit) & 1) != 0);
            }
        }
    }

    /// <summary>Rings around a centre: dark but for the second of a small one, the second and the rim of a large one.</summary>
    private void DrawRings(int x, int y, int reach)
    {
        for (var down = -reach; down <= reach; down++)
        {
            for (var right = -reach; right <= reach; right++)
            {
                var ring = Math.Max(Math.Abs(right), Math.Abs(down));
                if (x + right >= 0 && x + right < Size && y + down >= 0 && y + down < Size)
                {
                    Fix(x + right, y + down, reach == 4 ? ring is not (2 or 4) : ring != 1);
                }
            }
        }
    }

    /// <summary>Level and mask, twice. Level M is 00.</summary>
    private void DrawFormat(int mask)
    {
        var bits = ((mask << 10) | Remainder(mask, 10, 0x537)) ^ 0x5412;
        for (var bit = 0; bit < 15; bit++)
        {
            var isDark = ((bits >> bit) & 1) != 0;
            var (x, y) = bit switch { < 6 => (8, bit), 6 => (8, 7), 7 => (8, 8), 8 => (7, 8), _ => (14 - bit, 8) };
            Fix(x, y, isDark);
            (x, y) = bit < 8 ? (Size - 1 - bit, 8) : (8, Size - 15 + bit);
            Fix(x, y, isDark);
        }

        Fix(8, Size - 8, true);
    }

    /// <summary>Up and down in columns of two from the right, over what is not fixed.</summary>
    private void DrawData(byte[] bytes)
    {
        var next = 0;
        var up = true;
        for (var right = Size - 1; right > 0; right -= 2, up = !up)
        {
            right = right == 6 ? 5 : right;
            for (var step = 0; step < Size; step++)
            {
                var y = up ? Size - 1 - step : step;
                foreach (var x in new[] { right, right - 1 })
                {
                    if (!fixedSquares[x, y] && next < bytes.Length * 8)
                    {
                        dark[x, y] = ((bytes[next / 8] >> (7 - (next % 8))) & 1) != 0;
                        next++;
                    }
                }
            }
        }
    }

    /// <summary>Keeps the mask under which the picture is the most even.</summary>
    private void ChooseMask()
    {
        var best = Enumerable.Range(0, Masks.Length).MinBy(mask =>
        {
            Apply(mask);
            var unevenness = Unevenness();
            Apply(mask);
            return unevenness;
        });
        Apply(best);
    }

    private void Apply(int mask)
    {
        for (var y = 0; y < Size; y++)
        {
            for (var x = 0; x < Size; x++)
            {
                dark[x, y] ^= !fixedSquares[x, y] && Masks[mask](x, y);
            }
        }

        DrawFormat(mask);
    }

    /// <summary>Long runs, blocks of four, and too much of one colour (rules 1, 2 and 4 of the standard).</summary>
    private int Unevenness()
    {
        var (points, all) = (0, 0);
        for (var line = 0; line < Size; line++)
        {
            var (across, down) = (1, 1);
            for (var at = 0; at < Size; at++)
            {
                all += dark[at, line] ? 1 : 0;
                across = at > 0 && dark[at, line] == dark[at - 1, line] ? across + 1 : 1;
                down = at > 0 && dark[line, at] == dark[line, at - 1] ? down + 1 : 1;
                points += Of(across) + Of(down);
                points += line > 0 && at > 0 && dark[at, line] == dark[at - 1, line] && dark[at, line] == dark[at, line - 1] && dark[at, line] == dark[at - 1, line - 1] ? 3 : 0;
            }
        }

        return points + (Math.Abs((all * 20) - (Size * Size * 10)) / (Size * Size) * 10);

        static int Of(int run) => run == 5 ? 3 : run > 5 ? 1 : 0;
    }

    /// <summary>What makes a number with its remainder divisible by a polynomial of that degree.</summary>
    private static int Remainder(int number, int degree, int polynomial)
    {
        var rest = number;
        for (var step = 0; step < degree; step++)
        {
            rest = (rest << 1) ^ ((rest >> (degree - 1)) * polynomial);
        }

        return rest;
    }

    /// <summary>Correction bytes, over the field of 256 elements that the standard names (0x11d).</summary>
    private static class ReedSolomon
    {
        public static byte[] Remainder(byte[] data, int length)
        {
            // The polynomial whose roots are the first powers of two, its leading one left out.
            var divisor = new byte[length];
            divisor[^1] = 1;
            byte root = 1;
            for (var power = 0; power < length; power++)
            {
                for (var at = 0; at < length; at++)
                {
                    divisor[at] = (byte)(Times(divisor[at], root) ^ (at + 1 < length ? divisor[at + 1] : 0));
                }

                root = Times(root, 2);
            }

            var rest = new byte[length];
            foreach (var one in data)
            {
                var factor = (byte)(one ^ rest[0]);
                rest = [.. rest[1..], 0];
                for (var at = 0; at < length; at++)
                {
                    rest[at] ^= Times(divisor[at], factor);
                }
            }

            return rest;
        }

        private static byte Times(byte left, byte right)
        {
            var product = 0;
            for (var bit = 7; bit >= 0; bit--)
            {
                product = (product << 1) ^ ((product >> 7) * 0x11d);
                product ^= ((right >> bit) & 1) * left;
            }

            return (byte)product;
        }
    }
}

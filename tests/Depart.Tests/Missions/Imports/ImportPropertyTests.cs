using System.Text;
using CsCheck;
using Depart.Given;

namespace Depart.Missions.Imports;

/// <summary>What holds for every file.</summary>
public sealed class ImportPropertyTests
{
    private static readonly Gen<string> Cells = Gen.Frequency(
        (5, Gen.Char["aé;,\t\"'=+-@ \r\n|ß€"].Array[0, 12].Select(letters => new string(letters))),
        (1, Gen.String[0, 30]),
        (1, OneOf("18/12/2026", "2026-12-18", "12/31/26", "46374", "zoe@exemple.fr", "Zoë", "Émard", "E-17", "#N/A", "oui", "régie", "😀", "Jean <j@e.fr>")));

    [Fact]
    public void Cells_written_as_CSV_are_read_back_as_they_were() => Gen.Select(Cells.Array[2, 6].Array[1, 8], OneOf(';', ',', '\t')).Sample((rows, delimiter) =>
    {
        // Blank lines are left out, and lone surrogates are no text.
        rows = [.. rows.Select(cells => cells.Select(cell => Sound(cell)).ToArray()).Where(cells => !cells.All(string.IsNullOrWhiteSpace))];
        var reader = new CsvReader(string.Concat(rows.Select(cells => CsvSheet.Line(delimiter, cells))), delimiter);

        foreach (var cells in rows)
        {
            var read = reader.Next();
            Assert.NotNull(read);
            Assert.Null(read.Defect);
            Assert.Equal(cells, read.Cells.Select(cell => Formulas.Bare(cell)));
        }

        Assert.Null(reader.Next());
    });

    [Fact]
    public void Any_bytes_end_in_lines_or_in_a_reason() => Gen.Byte.Array[0, 400].Sample(Ends);

    [Fact]
    public void Any_text_below_a_good_header_ends_in_lines_or_in_a_reason() =>
        Gen.String[0, 400].Sample(text => Ends(Encoding.UTF8.GetBytes("Prénom;Nom;Mail;Statut;Fin;Mission;Responsable\n" + text)));

    [Fact]
    public void Any_UTF_16_ends_in_lines_or_in_a_reason() =>
        Gen.Byte.Array[0, 400].Sample(bytes => Ends([0xFF, 0xFE, .. Encoding.Unicode.GetBytes("Nom;Prénom\n"), .. bytes]));

    [Theory]
    [InlineData("excel.xlsx")]
    [InlineData("other-layout.xlsx")]
    [InlineData("streamed.xlsx")]
    public void A_workbook_with_damaged_bytes_ends_in_lines_or_in_a_reason(string name)
    {
        var sound = Files.Workbook(name);
        Gen.Select(Gen.Int[0, sound.Length - 1], Gen.Byte).Array[1, 6].Sample(
            damages =>
            {
                var bytes = (byte[])sound.Clone();
                foreach (var (at, value) in damages)
                {
                    bytes[at] = value;
                }

                Ends(bytes);
            },
            iter: 150);
    }

    [Fact]
    public void A_workbook_cut_anywhere_ends_in_lines_or_in_a_reason()
    {
        var sound = Files.Workbook("excel.xlsx");
        Gen.Int[0, sound.Length - 1].Sample(length => Ends(sound[..length]), iter: 100);
    }

    [Fact]
    public void A_sheet_with_any_attributes_ends_in_lines_or_in_a_reason()
    {
        var odd = OneOf("", "A1", "ZZZZZZZZZZ1", "-1", "99999999999999999999", "1e400", "NaN", "s", "b", "d", "e", "é", "1.5", "0", "inlineStr");
        Gen.Select(odd, odd, odd, odd, odd).Sample(
            (row, place, type, style, value) => Ends(Files.WithSheet(
                $"<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData><row><c t=\"str\"><v>Nom</v></c><c t=\"str\"><v>Fin</v></c></row>"
                + $"<row r=\"{row}\"><c r=\"{place}\" t=\"{type}\" s=\"{style}\"><v>{value}</v></c></row></sheetData></worksheet>")),
            iter: 150);
    }

    [Fact]
    public void Whatever_the_cells_every_line_is_decided_and_a_refusal_names_its_line_and_a_column_of_the_file() =>
        Gen.Select(Cells.Array[7].Array[1, 12], Gen.Bool).Sample((rows, french) =>
        {
            string[] header = french
                ? ["Prénom", "Nom", "Matricule", "Mail", "Mission", "Fin", "Sur site"]
                : ["First name", "Last name", "Number", "Email", "Title", "End", "On site"];
            rows = [.. rows.Select(cells => cells.Select(Sound).ToArray()).Where(cells => !cells.All(string.IsNullOrWhiteSpace))];
            var text = string.Concat(rows.Prepend(header).Select(cells => CsvSheet.Line(';', cells)));

            var file = Files.Decide(text);
            if (!file.Ok)
            {
                Says(file.Problem.Message);
                return;
            }

            Assert.Equal(rows.Length, file.Value.Lines.Count);
            Assert.Equal(file.Value.Lines.Select(line => line.Row.Number).Order(), file.Value.Lines.Select(line => line.Row.Number));
            foreach (var problem in file.Value.Lines.SelectMany(line => line.Problems))
            {
                Assert.True(problem.Column is null || header.Contains(problem.Column), problem.Column);
                Says(problem.Message);
            }
        });

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(at => values[at]);

    private static string Sound(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace("\0", "", StringComparison.Ordinal);

    private static void Ends(byte[] bytes)
    {
        var file = Files.Decide(bytes);
        if (!file.Ok)
        {
            Says(file.Problem.Message);
        }
    }

    private static void Says(Foundation.Words words)
    {
        Assert.False(string.IsNullOrWhiteSpace(words.En));
        Assert.False(string.IsNullOrWhiteSpace(words.Fr));
    }
}

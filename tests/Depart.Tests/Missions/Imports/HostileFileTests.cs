using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Depart.Given;

namespace Depart.Missions.Imports;

/// <summary>Files that mean harm, or that come from a hard life.</summary>
public sealed class HostileFileTests
{
    private const string Main = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
    private const string People = "Prénom;Nom;Mail;Fin\nZoë;Émard;zoe@exemple.fr;18/12/2026\nHervé;Nuñez;herve@exemple.fr;31/03/2027\n";

    public static TheoryData<string, string, string> Refused => new()
    {
        { "empty", "file-empty", "" },
        { "zeros", "file-not-text", "\0\0\0\0" },
        { "text with a zero in it", "file-not-text", "Nom;Prénom\nA\0;B\n" },
        { "old Excel", "file-old-excel", "\u00D0\u00CF\u0011\u00E0\u00A1\u00B1\u001A\u00E1" },
        { "a zip cut short", "file-damaged", "PK\u0003\u0004abc" },
        { "PDF", "file-not-text", "%PDF-1.7\n\u0001\u0002" },
        { "a picture", "file-not-text", "\u0089PNG\r\n\u001A\n\0\0" },
        { "no header", "file-no-header", "one,two\n1,2\n" },
        { "a header alone", "file-without-lines", "Nom;Prénom\n" },
        { "a quotation mark never closed", "file-cut-short", "Nom;Prénom\nA;\"B\nC;D\n" },
        { "300 columns", "file-too-many-columns", "Nom;Prénom\nA;" + string.Concat(Enumerable.Repeat("x;", 300)) },
        { "a million columns", "file-too-many-columns", "Nom;Prénom;" + string.Concat(Enumerable.Repeat("x;", 1_000_000)) },
        { "too many lines", "file-too-many-lines", "Nom;Prénom\n" + string.Concat(Enumerable.Repeat("a;b\n", 50_002)) },
        { "nothing that tells who", "file-no-key", "Prénom;Fin\nZoë;2026-12-18\n" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_file_that_cannot_be_read_is_refused_whole_and_says_why_in_both_languages(string what, string code, string content)
    {
        var bytes = content.Any(letter => letter is >= '\u0080' and <= '\u00FF') && code is "file-old-excel" or "file-not-text" ? Encoding.Latin1.GetBytes(content) : Encoding.UTF8.GetBytes(content);

        var file = Files.Decide(bytes);

        Assert.False(file.Ok, what);
        Assert.Equal(code, file.Problem.Code);
        Assert.NotEqual(file.Problem.Message.En, file.Problem.Message.Fr);
    }

    [Fact]
    public void An_OpenDocument_file_says_what_to_save_instead()
    {
        using var buffer = new MemoryStream();
        using (var archive = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            archive.CreateEntry("mimetype");
        }

        Assert.Equal("file-not-a-workbook", Files.Decide(buffer.ToArray()).Problem!.Code);
    }

    [Fact]
    public void A_workbook_that_unpacks_to_gigabytes_is_refused_before_it_does()
    {
        var bomb = Packed("xl/worksheets/s.xml", $"<worksheet {Main}><sheetData>", 300);
        Assert.True(bomb.Length < ImportLimits.Bytes);
        var before = Stopwatch.GetTimestamp();

        Assert.Equal("file-unpacks-too-big", Files.Decide(bomb).Problem!.Code);

        Assert.True(Stopwatch.GetElapsedTime(before) < TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void A_workbook_that_lies_about_its_size_is_refused_too()
    {
        var bomb = Packed("xl/worksheets/s.xml", $"<worksheet {Main}><sheetData>", 300);
        for (var at = bomb.Length - 46; at > 0; at--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(bomb.AsSpan(at)) == 0x02014b50 && BinaryPrimitives.ReadUInt32LittleEndian(bomb.AsSpan(at + 24)) > 1_000_000)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(bomb.AsSpan(at + 24), 1_000);
            }
        }

        Assert.True(Files.Decide(bomb).Problem!.Code is "file-unpacks-too-big" or "file-damaged");
    }

    [Theory]
    [InlineData("xl/worksheets/s.xml")]
    [InlineData("xl/workbook.xml")]
    [InlineData("[Content_Types].xml")]
    [InlineData("xl/_rels/workbook.xml.rels")]
    public void Entities_are_never_expanded_nor_fetched(string part)
    {
        var file = Files.Decide(Files.WithPart(part,
            "<!DOCTYPE a [<!ENTITY b \"bbbbbbbbbb\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d SYSTEM \"file:///etc/hostname\">]>" + $"<worksheet {Main}><sheetData><row><c t=\"str\"><v>&c;&d;</v></c></row></sheetData></worksheet>"));

        Assert.Equal("file-damaged", file.Problem!.Code);
    }

    [Fact]
    public void A_cell_of_a_million_characters_refuses_its_line_alone()
    {
        var lines = Files.Lines($"Prénom;Nom;Mail\nZoë;{new string('x', 1_000_000)};zoe@exemple.fr\nJean;Martin;jean@exemple.fr\n");

        Assert.Equal([LineState.Refused, LineState.Create], lines.Select(line => line.State));
        Assert.Equal(("Nom", "Plus de 2000 caractères."), (lines[0].Problems[0].Column, lines[0].Problems[0].Message.Fr));
        Assert.True(lines[0].Row.Cells[1].Length < 2_010);
    }

    [Theory]
    [InlineData(1999)]
    [InlineData(2000)]
    [InlineData(2001)]
    [InlineData(2002)]
    public void A_cell_cut_in_the_middle_of_a_character_is_still_text(int letters)
    {
        var cell = new string('x', letters) + string.Concat(Enumerable.Repeat("😀", 10));

        var line = Files.Lines($"Prénom;Nom;{cell};Mail\nZoë;{cell};;zoe@exemple.fr\n")[0];

        Assert.Equal(LineState.Refused, line.State);
        Assert.True(line.Row.Cells[1].IsNormalized());
    }

    [Fact]
    public void A_last_row_far_below_and_a_last_column_far_right_cost_nothing()
    {
        var file = Files.Decide(Files.WithSheet(
            $"<worksheet {Main}><dimension ref=\"A1:XFD1048576\"/><sheetData><row r=\"1\"><c r=\"A1\" t=\"str\"><v>Nom</v></c><c r=\"B1\" t=\"str\"><v>Prénom</v></c><c r=\"XFD1\" s=\"1\"/></row>"
            + "<row r=\"1048576\"><c r=\"A1048576\" t=\"str\"><v>Émard</v></c><c r=\"B1048576\" t=\"str\"><v>Zoë</v></c></row></sheetData></worksheet>"));

        Assert.Equal(1_048_576, Assert.Single(file.Value!.Lines).Row.Number);
    }

    [Fact]
    public void References_in_lower_case_and_without_letters_are_read()
    {
        var file = Files.Decide(Files.WithSheet(
            $"<worksheet {Main}><sheetData><row r=\"1\"><c r=\"a1\" t=\"str\"><v>Nom</v></c><c r=\"B1\" t=\"str\"><v>Prénom</v></c><c r=\"1\" t=\"str\"><v>Matricule</v></c></row>"
            + "<row><c t=\"str\"><v>Émard</v></c><c t=\"str\"><v>Zoë</v></c><c><v>17.100000000000001</v></c></row></sheetData></worksheet>"));

        Assert.Equal(("Zoë", "17.1"), (file.Value!.Lines[0].Statement.GivenName, file.Value.Lines[0].Statement.EmployeeNumber));
    }

    [Fact]
    public void A_value_in_a_column_far_right_is_refused() => Assert.Equal("file-too-many-columns", Files.Decide(Files.WithSheet(
        $"<worksheet {Main}><sheetData><row r=\"1\"><c r=\"A1\" t=\"str\"><v>Nom</v></c><c r=\"XFD1\" t=\"str\"><v>Prénom</v></c></row></sheetData></worksheet>")).Problem!.Code);

    [Fact]
    public void The_same_text_is_read_in_every_encoding_of_a_spreadsheet()
    {
        byte[][] files =
        [
            Encoding.UTF8.GetBytes(People),
            [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(People)],
            [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(People)],
            [.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes(People)],
            CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetBytes(People),
        ];

        Assert.All(files, file => Assert.Equal(["Zoë Émard", "Hervé Nuñez"], Files.Decide(file).Value!.Lines.Select(line => line.Name)));
    }

    [Theory]
    [InlineData(";", "\n")]
    [InlineData(",", "\r\n")]
    [InlineData("\t", "\r")]
    [InlineData(";", "\n\r\n")]
    public void Separators_and_line_ends_are_found_out(string separator, string end)
    {
        var text = People.Replace(";", separator, StringComparison.Ordinal).Replace("\n", end, StringComparison.Ordinal);

        Assert.Equal(["Zoë Émard", "Hervé Nuñez"], Files.Lines(text).Select(line => line.Name));
    }

    [Fact]
    public void Line_ends_of_three_kinds_are_counted_as_an_editor_does() => Assert.Equal(
        [2, 3, 4], Files.Lines("Prénom;Nom\r\nZoë;Émard\nJean;Martin\rLéa;Diallo").Select(line => line.Row.Number));

    [Fact]
    public void A_comma_inside_the_values_does_not_make_it_the_separator() =>
        Assert.Equal(["Zoë Émard"], Files.Lines("Prénom;Nom;Intitulé\nZoë;Émard;Refonte, lot 2, phase 1, A, B, C\n").Select(line => line.Name));

    [Fact]
    public void A_title_that_comes_twice_is_read_once_and_said()
    {
        var about = Files.Decide("Prénom;Nom;Nom de famille;Mail\nZoë;Émard;Autre;zoe@exemple.fr\n").Value!.About;

        Assert.Null(about.Columns[2].Field);
        Assert.NotNull(about.Columns[2].Note);
    }

    [Theory]
    [InlineData("18/12/2026", "2026-12-18")]
    [InlineData("18.12.2026", "2026-12-18")]
    [InlineData("18-12-2026", "2026-12-18")]
    [InlineData("2026-12-18", "2026-12-18")]
    [InlineData("2026-12-18T00:00:00", "2026-12-18")]
    [InlineData("18/12/26", "2026-12-18")]
    [InlineData("05/01/2026", "2026-01-05")]
    [InlineData("46374", "2026-12-18")]
    [InlineData("1er mars 2026", "2026-03-01")]
    [InlineData("vendredi 18 décembre 2026", "2026-12-18")]
    [InlineData("31/02/2026", null)]
    [InlineData("18-12-26", null)]
    [InlineData("18/12/1926", null)]
    [InlineData("demain", null)]
    [InlineData("2026-12-18 18:30", null)]
    public void A_day_is_read_as_a_French_file_writes_it_or_refused(string text, string? day)
    {
        var line = Files.Lines($"Prénom;Nom;Fin\nZoë;Émard;{text}\n")[0];

        Assert.Equal(day, line.Statement.End?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(day is null ? "Fin" : null, line.Problems.FirstOrDefault()?.Column);
    }

    [Fact]
    public void A_day_that_an_English_file_leaves_open_is_refused_with_both_readings()
    {
        var problem = Files.Lines("First name,Last name,End\nZoë,Émard,05/06/2026\n")[0].Problems[0];

        Assert.Equal(("End", "“05/06/2026” can be read as 5 June 2026 or as 6 May 2026. Write the date as 2026-12-18, or choose the order of the dates of this file."), (problem.Column, problem.Message.En));
    }

    [Fact]
    public void Other_days_of_the_file_settle_the_order() =>
        Assert.Equal(new(2026, 5, 6), Files.Lines("First name,Last name,End\nZoë,Émard,05/06/2026\nJean,Martin,12/18/2026\n")[0].Statement.End);

    [Fact]
    public void Unseen_characters_and_split_accents_do_not_make_another_person()
    {
        var lines = Files.Lines("Prénom;Nom;Matricule;Mail\nZoë;Émard;É-1;zoe@exemple.fr\n\u00A0Zoe\u0308\u00A0;E\u0301mard;E\u0301-1;zoe@exemple.fr\u200B\n");

        Assert.Equal([LineState.Create, LineState.Unchanged], lines.Select(line => line.State));
        Assert.Equal("É-1", lines[0].Statement.EmployeeNumber);
    }

    [Fact]
    public void The_same_person_twice_in_a_file_is_one_person()
    {
        var lines = Files.Lines("Prénom;Nom;Mail;Mission\nZoë;Émard;zoe@exemple.fr;Data\nZOÉ;ÉMARD;ZOE@EXEMPLE.FR;Nuage\n");

        Assert.Equal(lines[0].Person, lines[1].Person);
        Assert.NotEqual(lines[0].Mission, lines[1].Mission);
    }

    [Fact]
    public void An_end_before_the_start_is_refused_and_names_the_column()
    {
        var problem = Assert.Single(Files.Lines("Prénom;Nom;Début;Fin\nZoë;Émard;18/12/2026;05/01/2026\n")[0].Problems.DistinctBy(problem => problem.Column));

        Assert.Equal("Fin", problem.Column);
    }

    [Fact]
    public void A_supplier_that_nobody_knows_is_added_once() => Assert.All(
        Files.Lines("Prénom;Nom;Mail;Prestataire\nZoë;Émard;zoe@exemple.fr;Altéo\nJean;Martin;jean@exemple.fr;ALTEO\n"),
        line => Assert.Contains(line.PersonChanges, change => change.Field == "Supplier" && change.After!.Fr == "Altéo"));

    [Fact]
    public void Fifty_thousand_homonyms_are_decided_in_the_time_of_fifty_thousand_people()
    {
        var text = "Prénom;Nom;Mail\n" + string.Concat(Enumerable.Range(0, 50_000).Select(number => $"Jean;Martin;jean{number}@exemple.fr\n"));
        var measure = new Measure();

        var lines = Files.Lines(text);

        measure.Print("50,000 homonyms decided");
        Assert.All(lines, line => Assert.Equal(LineState.Create, line.State));
        Assert.Equal(49_999, lines.Count(line => line.Notes.Count == 1));
    }

    [Fact]
    public void One_person_with_thousands_of_missions_is_refused_beyond_the_limit()
    {
        var lines = Files.Lines("Prénom;Nom;Mail;Mission\n" + string.Concat(Enumerable.Range(0, 5_000).Select(number => $"Jean;Martin;jean@exemple.fr;Mission {number}\n")));

        Assert.Equal(LineState.Create, lines[0].State);
        Assert.Equal(LineState.Refused, lines[^1].State);
        Assert.Contains("500", lines[^1].Problems[0].Message.Fr, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+33 1 02")]
    [InlineData("-12")]
    [InlineData("@SUM(A1)")]
    [InlineData("\t=1")]
    [InlineData("＝1")]
    [InlineData("'=1")]
    public void What_a_spreadsheet_would_run_goes_out_behind_an_apostrophe_and_comes_back_without(string cell)
    {
        var line = CsvSheet.Line(';', [cell]);

        Assert.StartsWith("'", line, StringComparison.Ordinal);
        Assert.Equal(cell, Formulas.Bare(line.TrimEnd('\r', '\n')));
    }

    /// <summary>A part of that many megabytes of spaces.</summary>
    private static byte[] Packed(string part, string start, int megabytes)
    {
        using var buffer = new MemoryStream();
        buffer.Write(Files.Workbook("streamed.xlsx"));
        using (var archive = new ZipArchive(buffer, ZipArchiveMode.Update, leaveOpen: true))
        {
            archive.GetEntry(part)!.Delete();
        }

        using (var archive = new ZipArchive(buffer, ZipArchiveMode.Update, leaveOpen: true))
        {
            using var stream = archive.CreateEntry(part, CompressionLevel.Fastest).Open();
            stream.Write(Encoding.UTF8.GetBytes(start));
            var spaces = Encoding.ASCII.GetBytes(new string(' ', 1_048_576));
            for (var written = 0; written < megabytes; written++)
            {
                stream.Write(spaces);
            }
        }

        return buffer.ToArray();
    }
}

using Depart.Given;

namespace Depart.Missions.Imports;

/// <summary>Workbooks as Excel, another library and a streaming export write them (<c>Workbooks/make.py</c>).</summary>
public sealed class WorkbookTests
{
    [Theory]
    [InlineData("excel.xlsx")]
    [InlineData("excel-1904.xlsx")]
    [InlineData("other-layout.xlsx")]
    [InlineData("streamed.xlsx")]
    public void The_same_people_are_read_from_every_layout(string name)
    {
        var file = Files.Decide(Files.Workbook(name));

        Assert.True(file.Ok, file.Problem?.Message.ToString());
        var said = file.Value.Lines.Take(3).Select(line => line.Statement).ToList();
        Assert.All(file.Value.Lines, line => Assert.Equal(LineState.Create, line.State));
        Assert.Equal(["Zoë D’Angélo", "Jean Martin", "Łukasz O'Brien-Nguyễn"], said.Select(one => $"{one.GivenName} {one.FamilyName}"));
        Assert.Equal(["E-17", "18", "E-19"], said.Select(one => one.EmployeeNumber));
        Assert.Equal([new(2026, 1, 5), new(2026, 2, 28), new DateOnly(2024, 2, 29)], said.Select(one => one.Start));
        Assert.Equal([new DateOnly(2026, 12, 18), new DateOnly(2027, 3, 31), null], said.Select(one => one.End));
        Assert.Equal([WorkPlace.OnSite, WorkPlace.Remote, null], said.Select(one => one.Place));
    }

    [Theory]
    [InlineData("excel.xlsx")]
    [InlineData("excel-1904.xlsx")]
    public void Rich_text_and_the_result_of_a_formula_are_read(string name)
    {
        var anne = Files.Decide(Files.Workbook(name)).Value!.Lines[3];

        Assert.Equal(("Anne", new DateOnly(2026, 6, 30)), (anne.Statement.GivenName, anne.Statement.End));
    }

    [Fact]
    public void Lines_are_numbered_as_Excel_shows_them_below_a_merged_title_and_between_blank_rows() =>
        Assert.Equal([4, 6, 8, 10], Files.Decide(Files.Workbook("excel.xlsx")).Value!.Lines.Select(line => line.Row.Number));

    [Fact]
    public void The_first_visible_sheet_is_read_and_the_preview_names_it()
    {
        var about = Files.Decide(Files.Workbook("excel.xlsx")).Value!.About;

        Assert.Equal("classeur Excel, feuille «\u00A0Prestataires 2026\u00A0»", about.Format.Fr);
        Assert.Equal("Only the sheet “Prestataires 2026” was read.", about.Notes[0].En);
    }

    [Fact]
    public void A_column_where_Excel_shows_an_error_is_named()
    {
        var file = Files.Decide(Files.WithSheet(
            "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData><row><c t=\"str\"><v>Nom</v></c><c t=\"str\"><v>Prénom</v></c><c t=\"str\"><v>Fin</v></c></row>"
            + "<row><c t=\"str\"><v>Émard</v></c><c t=\"str\"><v>Zoë</v></c><c t=\"e\"><v>#REF!</v></c></row></sheetData></worksheet>"));

        var problem = Assert.Single(file.Value!.Lines[0].Problems);
        Assert.Equal(("Fin", "The spreadsheet shows an error here: #REF!."), (problem.Column, problem.Message.En));
    }
}

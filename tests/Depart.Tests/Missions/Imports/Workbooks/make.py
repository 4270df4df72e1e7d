"""Makes the workbooks of this folder again: python3 make.py (openpyxl, XlsxWriter).

XlsxWriter writes what Excel writes, part for part; openpyxl writes another layout. Same people in all of them.
"""
import datetime
import os
import zipfile

import openpyxl
import xlsxwriter

HERE = os.path.dirname(os.path.abspath(__file__))
HEADER = ["Prénom", "Nom", "Matricule", "Adresse électronique", "Prestataire", "Intitulé de la mission", "Début", "Fin", "Sur site"]
ROWS = [
    ["Zoë", "D’Angélo", "E-17", "zoe@exemple.fr", "Altéo Conseil", "Refonte", datetime.date(2026, 1, 5), datetime.date(2026, 12, 18), True],
    ["Jean", "Martin", 18, "jean.martin@exemple.fr", "Sopral", "Nuage", datetime.date(2026, 2, 28), datetime.date(2027, 3, 31), False],
    ["Łukasz", "O'Brien-Nguyễn", "E-19", "lukasz@exemple.fr", "Altéo Conseil", "Données", datetime.date(2024, 2, 29), None, None],
]


def path(name):
    return os.path.join(HERE, name)


def excel(name, date_1904=False):
    """Shared strings, days as numbers with a style, a merged title, blank rows, a second and a hidden sheet."""
    book = xlsxwriter.Workbook(path(name), {"date_1904": date_1904})
    book.set_properties({"created": datetime.datetime(2026, 1, 1)})
    hidden = book.add_worksheet("Paramètres")
    hidden.write(0, 0, "never read")
    sheet = book.add_worksheet("Prestataires 2026")
    sheet.activate()
    hidden.hide()
    other = book.add_worksheet("Brouillon")
    other.write(0, 0, "never read either")
    sheet.merge_range(0, 0, 0, 8, "Prestataires présents au 31/12", book.add_format({"bold": True}))
    french = book.add_format({"num_format": "dd/mm/yyyy"})
    worded = book.add_format({"num_format": '[$-40C]d mmmm yyyy;@'})
    sheet.write_row(2, 0, HEADER)
    line = 3
    for row in ROWS:
        for column, value in enumerate(row):
            if isinstance(value, datetime.date):
                sheet.write_datetime(line, column, datetime.datetime.combine(value, datetime.time()), french if column == 6 else worded)
            elif value is not None:
                sheet.write(line, column, value)
            else:
                sheet.write_blank(line, column, None, french)
        line += 2
    sheet.write_rich_string(line, 0, "An", book.add_format({"bold": True}), "ne")
    sheet.write_row(line, 1, ["Rivière", "E-20", "anne@exemple.fr", "Sopral", "Réseau"])
    sheet.write_formula(line, 7, "=DATE(2026,6,30)", french, 44741 if date_1904 else 46203)
    book.close()


def other(name):
    """Rows without what Excel adds; days with built-in formats; texts that look like numbers."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "People"
    sheet.append(["First name", "Last name", "Number", "Email", "Supplier", "Mission title", "Start", "End", "On site"])
    for row in ROWS:
        sheet.append(row)
    for row in sheet.iter_rows(min_row=2):
        row[2].value, row[2].number_format = str(row[2].value), "@"
    sheet["G3"].number_format = "yyyy\\-mm\\-dd"
    book.save(path(name))


def by_hand(name):
    """The layout of a streaming export: inline strings, no styles part, no cell references, ISO dates."""
    texts = lambda cells: "".join(f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>' if text else "<c/>" for text in cells)
    rows = "<row>" + texts(HEADER) + "</row><row/>"
    for row in ROWS:
        cells = "".join(
            f'<c t="d"><v>{value.isoformat()}T00:00:00</v></c>' if isinstance(value, datetime.date)
            else f'<c t="b"><v>{int(value)}</v></c>' if isinstance(value, bool)
            else f"<c><v>{value}</v></c>" if isinstance(value, int)
            else texts([value]) for value in row)
        rows += f"<row>{cells}</row>"
    main, office = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/s.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<x:workbook xmlns:x="{main}" xmlns:rel="{office}"><x:sheets><x:sheet name="Export" sheetId="1" rel:id="b"/></x:sheets></x:workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="b" Type="{office}/worksheet" Target="/xl/worksheets/s.xml"/></Relationships>',
        "xl/worksheets/s.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path(name), "w", zipfile.ZIP_DEFLATED) as archive:
        for part, text in parts.items():
            archive.writestr(zipfile.ZipInfo(part, (2026, 1, 1, 0, 0, 0)), '<?xml version="1.0" encoding="UTF-8"?>' + text)


excel("excel.xlsx")
excel("excel-1904.xlsx", date_1904=True)
other("other-layout.xlsx")
by_hand("streamed.xlsx")
